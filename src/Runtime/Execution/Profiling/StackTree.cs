namespace HostService.Runtime.Execution.Profiling;

/// <summary>Call stacks as paths from the root of a tree, which share what they have in common.</summary>
internal sealed class StackTree
{
    /// <summary>The empty stack.</summary>
    public const int Root = -1;

    // A guest whose stack is different in each sample could otherwise fill memory: 10,000 samples of 512 frames. This many take about 10 MB.
    private const int MaxNodes = 200_000;

    private readonly Dictionary<(int Caller, int Frame), int> _children = [];
    private readonly List<(int Caller, int Frame)> _nodes = [];

    /// <summary>The stacks, each after its caller's.</summary>
    public IReadOnlyList<(int Caller, int Frame)> Nodes => _nodes;

    /// <summary>The stack in which a frame was called from another stack; that other stack itself when the tree is full.</summary>
    public int Child(int caller, int frame)
    {
        if (_children.TryGetValue((caller, frame), out var child))
        {
            return child;
        }

        if (_nodes.Count == MaxNodes)
        {
            return caller;
        }

        _nodes.Add((caller, frame));
        _children.Add((caller, frame), _nodes.Count - 1);
        return _nodes.Count - 1;
    }
}
