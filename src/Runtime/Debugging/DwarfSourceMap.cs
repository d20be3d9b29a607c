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
            var found = FindOrNone((ulong)(offset - _module.CodeSectionOffset), budget);
            _stepsLeft -= granted - Math.Max(0, budget.Left);
            if (_known.Count < MaxRemembered && budget.TextBytes <= MaxRememberedTextBytes - _rememberedTextBytes)
            {
                _rememberedTextBytes += budget.TextBytes;
                _known.Add(offset, found);
            }

            return found;
        }
    }

    private ImmutableArray<SourcePosition> FindOrNone(ulong address, DwarfBudget budget)
    {
        try
        {
            return FindIn(address, budget);
        }
        catch (DwarfException)
        {
            return [];
        }
    }

    private ImmutableArray<SourcePosition> FindIn(ulong address, DwarfBudget budget)
    {
        foreach (var unit in _units ??= ReadUnits(budget))
        {
            if (unit.Extent.Contains(address, unit, budget))
            {
                return PositionsIn(unit, address, budget);
            }
        }

        return [];
    }

    // What is broken ends the list: where the next unit begins is then unknown.
    private List<DwarfUnit> ReadUnits(DwarfBudget budget)
    {
        var units = new List<DwarfUnit>();
        var reader = _sections.Read(_sections.Info, 0, budget);
        try
        {
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

    // The innermost position is the row's; each inlined function says where it was called, which is a position in the one around it.
    private ImmutableArray<SourcePosition> PositionsIn(DwarfUnit unit, ulong address, DwarfBudget budget)
    {
        var lines = DwarfLineProgram.Read(_sections, unit, budget);
        var functions = DwarfFunctions.Find(unit, address, budget);
        var positions = ImmutableArray.CreateBuilder<SourcePosition>(functions.Count + 1);
        var (file, line, column) = lines?.Find(address, budget) is { } row
            ? (lines.Files.PathOf(row.File, budget), row.LineNumber, row.ColumnNumber)
            : (unit.Name(budget), null, null);
        for (var i = functions.Count - 1; i >= 0; i--)
        {
            positions.Add(new SourcePosition(file, line, column, functions[i].Name));
            (file, line, column) = (lines?.Files.PathOf(functions[i].CallFile, budget), functions[i].CallLine, functions[i].CallColumn);
        }

        if (functions.Count == 0 && line is not null)
        {
            positions.Add(new SourcePosition(file, line, column, null));
        }

        return positions.ToImmutable();
    }
}
