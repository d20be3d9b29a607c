using System.Collections.Immutable;
using HostService.Runtime.Errors;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Debugging;

/// <summary>Finds the source positions of a module's instructions by its DWARF. Nothing is read before it is asked. Thread-safe.</summary>
/// <remarks>See docs/adr/0091. <see href="https://yurydelendik.github.io/webassembly-dwarf/">DWARF for WebAssembly</see>, <see href="https://dwarfstd.org/doc/DWARF5.pdf">DWARF 5</see></remarks>
internal sealed class DwarfSourceMap : ISourceMap
{
    // Clang's own DWARF of 100,000 lines takes a tenth of it. Beyond it a position is unknown.
    private const long StepsForPosition = 20_000_000;

    // For all positions of a profile together: less than half a second. Somebody asked for it, so it isn't taken from what traps may cost.
    private const long StepsForProfile = 100_000_000;

    // What all positions of a module may cost together, about two seconds: a guest may trap as often as it likes. What was found is remembered.
    private const long StepsForModule = 500_000_000;
    private const int MaxRemembered = 4096;
    private const int MaxRememberedTextBytes = 4 << 20;

    // Each is remembered. The largest programs that were compiled to WebAssembly have some thousands.
    private const int MaxUnits = 50_000;

    private readonly Lock _lock = new();
    private readonly ModuleSyntax _module;
    private readonly DwarfSections _sections;
    private readonly Dictionary<long, ImmutableArray<SourcePosition>> _known = [];
    private List<DwarfUnit>? _units;
    private long _stepsLeft = StepsForModule;
    private int _rememberedTextBytes;

    private DwarfSourceMap(ModuleSyntax module, DwarfSections sections) => (_module, _sections) = (module, sections);

    /// <summary>The map of a module; null when it has no DWARF.</summary>
    public static DwarfSourceMap? Of(ModuleSyntax module)
    {
        var sections = new DwarfSections(module);
        return sections.Exist ? new DwarfSourceMap(module, sections) : null;
    }

    /// <inheritdoc/>
    public ImmutableArray<SourcePosition> Find(long offset)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(offset, out var known))
            {
                return known;
            }

            var budget = new DwarfBudget(Math.Min(StepsForPosition, _stepsLeft));
            var granted = budget.Left;
            var found = DwarfLookup.Find(_sections, Units_NeedsLock(budget), [AddressOf(offset)], budget)[0];
            _stepsLeft -= granted - Math.Max(0, budget.Left);
            if (_known.Count < MaxRemembered && budget.TextBytes <= MaxRememberedTextBytes - _rememberedTextBytes)
            {
                _rememberedTextBytes += budget.TextBytes;
                _known.Add(offset, found);
            }

            return found;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<long, ImmutableArray<SourcePosition>> FindAll(IEnumerable<long> offsets)
    {
        var ascending = offsets.Distinct().OrderBy(AddressOf).ToArray();
        var budget = new DwarfBudget(StepsForProfile, MaxRememberedTextBytes);
        List<DwarfUnit> units;
        lock (_lock)
        {
            units = Units_NeedsLock(budget);
        }

        // Units are only read from now on. Another thread's trap is not to wait for a profile.
        var found = DwarfLookup.Find(_sections, units, [.. ascending.Select(AddressOf)], budget);
        return ascending.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    // An offset before the code becomes an address beyond everything.
    private ulong AddressOf(long offset) => (ulong)(offset - _module.CodeSectionOffset);

    private List<DwarfUnit> Units_NeedsLock(DwarfBudget budget) => _units ??= ReadUnits(budget);

    // A unit without an end ends the list: where the next one begins is then unknown.
    private List<DwarfUnit> ReadUnits(DwarfBudget budget)
    {
        var units = new List<DwarfUnit>();
        try
        {
            var reader = _sections.Read(_sections.Info, 0, budget);
            while (reader.Position < reader.Length && units.Count < MaxUnits)
            {
                if (DwarfUnit.Read(_sections, ref reader, budget) is { } unit)
                {
                    units.Add(unit);
                }
            }
        }
        catch (DwarfException)
        {
        }

        return units;
    }
}
