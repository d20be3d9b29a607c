using HostService.Runtime.Errors;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>A profile's stacks with their places in the source. A function that the compiler inlined is a frame of its own, called by the one around it.</summary>
/// <remarks>
/// Made when a profile is written, and of the profile alone: nothing that was recorded changes, so several threads may write it. The format wants inlined functions as
/// <see href="https://github.com/firefox-devtools/profiler/blob/main/src/types/profile.ts">frames of the same address</see>, with the depth at which each was inlined.
/// </remarks>
internal sealed class SourcedStacks
{
    // As many as StackTree keeps. Beyond, frames are those of the functions that were compiled.
    private const int MaxInlinedNodes = 200_000;

    // Of a function from another unit, which link-time optimisation inlined.
    private const string Nameless = "(inlined)";

    private readonly ProfileSymbols _symbols;
    private readonly Dictionary<SourcedFunction, int> _functionPlaces = [];
    private readonly List<SourcedFunction> _functions = [];
    private readonly List<SourcedFrame> _frames = [];
    private readonly List<(int Caller, int Frame)> _nodes = [];
    private readonly int[] _innermost; // the node of each recorded stack

    public SourcedStacks(ProfileSymbols symbols, StackTree stacks)
    {
        _symbols = symbols;
        Strings = new ProfileStrings(symbols.Strings);
        var chains = Chains();
        var inlined = 0;
        _innermost = new int[stacks.Nodes.Count];
        for (var i = 0; i < _innermost.Length; i++)
        {
            var (caller, frame) = stacks.Nodes[i];
            var node = NodeOf(caller);
            var (first, count) = chains[frame];
            inlined += count - 1;
            for (var depth = 0; depth < (inlined <= MaxInlinedNodes ? count : 1); depth++)
            {
                _nodes.Add((node, first + depth));
                node = _nodes.Count - 1;
            }

            _innermost[i] = node;
        }
    }

    public ProfileStrings Strings { get; }

    public IReadOnlyList<SourcedFunction> Functions => _functions;

    public IReadOnlyList<SourcedFrame> Frames => _frames;

    /// <summary>The stacks, each after its caller's.</summary>
    public IReadOnlyList<(int Caller, int Frame)> Nodes => _nodes;

    /// <summary>The place of a recorded stack.</summary>
    public int NodeOf(int stack) => stack == StackTree.Root ? StackTree.Root : _innermost[stack];

    // What each recorded frame becomes: so many frames from a first one on, outermost first.
    private List<(int First, int Count)> Chains()
    {
        var positions = new ProfilePositions(_symbols);
        var chains = new List<(int, int)>(_symbols.Frames.Count);
        foreach (var frame in _symbols.Frames)
        {
            var first = _frames.Count;
            var source = positions.Of(frame);
            Add(frame, source.IsEmpty ? null : source[^1], 0);
            for (var depth = 1; depth < source.Length; depth++)
            {
                Add(frame, source[^(depth + 1)], depth);
            }

            chains.Add((first, _frames.Count - first));
        }

        return chains;
    }

    private void Add(ProfiledFrame frame, SourcePosition? position, int inlineDepth)
    {
        var compiled = _symbols.Functions[frame.Function];
        var name = inlineDepth == 0 ? compiled.Name : Strings.PlaceOf(position?.Function ?? Nameless);
        var file = position?.File is { } path ? Strings.PlaceOf(path) : -1;
        // Of functions with the same name, those that were compiled are different ones.
        var function = new SourcedFunction(name, compiled.Library, file, inlineDepth == 0 ? frame.Function : -1);
        if (!_functionPlaces.TryGetValue(function, out var place))
        {
            place = _functions.Count;
            _functions.Add(function);
            _functionPlaces.Add(function, place);
        }

        _frames.Add(new SourcedFrame(place, frame, inlineDepth, position?.Line, position?.Column));
    }
}

/// <summary>A function of a profile that is written.</summary>
/// <param name="Name">Its name, among the strings.</param>
/// <param name="Library">Its module, among the libraries; −1 for a function of the host.</param>
/// <param name="File">Its source file, among the strings; −1 where it is not known. A function of several files, as macros make them, is listed for each.</param>
/// <param name="Compiled">Its place among the recorded functions; −1 when it was inlined.</param>
internal readonly record struct SourcedFunction(int Name, int Library, int File, int Compiled);

/// <summary>A place in a function of a profile that is written.</summary>
/// <param name="Function">The function.</param>
/// <param name="Recorded">The place in the function that was compiled.</param>
/// <param name="InlineDepth">0 for that function itself, 1 for what was inlined into it, and so on.</param>
/// <param name="Line">The line, counted from 1; null where it is not known.</param>
/// <param name="Column">The column, counted from 1; null where it is not known.</param>
internal readonly record struct SourcedFrame(int Function, ProfiledFrame Recorded, int InlineDepth, int? Line, int? Column);
