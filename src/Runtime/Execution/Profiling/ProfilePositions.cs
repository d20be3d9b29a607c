using System.Collections.Immutable;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>Where a profile's frames are in the source.</summary>
internal sealed class ProfilePositions
{
    // Profiles of real programs have some thousand frames.
    private const int MaxFrames = 10_000;

    // Samples are taken at the beginnings of loops, and LLVM gives those no line. The first instruction of the loop that has one is some bytes further.
    private const int MaxBytesToLine = 48;
    private const int MaxFramesWithoutLine = 1_000;

    private readonly IReadOnlyList<ProfiledFunction> _functions;
    private readonly Dictionary<ISourceMap, Dictionary<long, ImmutableArray<SourcePosition>>> _known = [];

    public ProfilePositions(ProfileSymbols symbols)
    {
        _functions = symbols.Functions;
        // Of each module all at once: a unit of debugging information is then read once.
        foreach (var module in symbols.Frames.Take(MaxFrames).Select(frame => (Frame: frame, Function: symbols.Functions[frame.Function]))
            .Where(place => place.Function.Source is not null).GroupBy(place => place.Function.Source!, place => (place.Frame.Address, End: place.Function.Address + place.Function.Size)))
        {
            var positions = new Dictionary<long, ImmutableArray<SourcePosition>>(module.Key.FindAll(module.Select(place => (long)place.Address)));
            FindNextLines(module.Key, positions, [.. module.Where(place => !HasLine(positions[place.Address])).Distinct().Take(MaxFramesWithoutLine)]);
            _known.Add(module.Key, positions);
        }
    }

    /// <summary>The innermost position first; empty where it is not known.</summary>
    public ImmutableArray<SourcePosition> Of(ProfiledFrame frame) =>
        _functions[frame.Function].Source is { } map && _known[map].TryGetValue(frame.Address, out var positions) ? positions : [];

    // Instructions are found by any of their bytes, so where they begin needs not be known.
    private static void FindNextLines(ISourceMap map, Dictionary<long, ImmutableArray<SourcePosition>> positions, List<(int Address, int End)> places)
    {
        var next = map.FindAll(places.SelectMany(BytesAfter));
        foreach (var place in places)
        {
            if (BytesAfter(place).Select(offset => next[offset]).FirstOrDefault(HasLine) is { IsDefault: false } found)
            {
                positions[place.Address] = found;
            }
        }
    }

    private static IEnumerable<long> BytesAfter((int Address, int End) place) =>
        Enumerable.Range(1, Math.Clamp(place.End - place.Address - 1, 0, MaxBytesToLine)).Select(i => (long)place.Address + i);

    private static bool HasLine(ImmutableArray<SourcePosition> positions) => positions is [{ Line: not null }, ..];
}
