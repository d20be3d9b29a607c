using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace HostService.Runtime.Compilation.IL;

/// <content>The types on the IL stack, and the locals.</content>
internal sealed partial class ILWriter
{
    /// <summary>The deepest stack that a method's header can state.</summary>
    public const int MaxDepthLimit = ushort.MaxValue;

    /// <summary>How many locals a method can have.</summary>
    public const int MaxLocals = ushort.MaxValue - 1;

    private readonly List<ILType> _locals = [];
    private ILType[] _stack = new ILType[256];
    private int _depth;
    private int _maxDepth;
    private bool _unreachable;

    /// <summary>How many values are on the stack.</summary>
    public int Depth => _depth;

    /// <summary>The most values that were on the stack.</summary>
    public int MaxDepth => _maxDepth;

    /// <summary>Whether the last instruction never goes on to the next.</summary>
    public bool IsUnreachable => _unreachable;

    /// <summary>The types of the locals.</summary>
    public IReadOnlyList<ILType> Locals => _locals;

    /// <summary>Adds a local.</summary>
    public int DeclareLocal(ILType type)
    {
        _locals.Add(type);
        return _locals.Count - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(ILType type)
    {
        if (_depth == _stack.Length)
        {
            Array.Resize(ref _stack, _depth * 2);
        }

        _stack[_depth++] = type;
        if (_depth > _maxDepth)
        {
            _maxDepth = _depth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pop(ILType type)
    {
        Debug.Assert(_depth > 0 && _stack[_depth - 1] == type, $"The IL stack should have a value of type {type} on top.");
        _depth--;
    }

    private void Drop(int count)
    {
        Debug.Assert(count <= _depth, "The IL stack has too few values.");
        _depth -= count;
    }

    private ILType Peek(int below) => _stack[_depth - 1 - below];
}
