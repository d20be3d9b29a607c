using System.Runtime.CompilerServices;

namespace HostService.Runtime.Validation;

/// <summary>The types of the operands at one point of a function.</summary>
/// <remarks>
/// A type of kind <see cref="ValueKind.None"/> is the specification's bottom: code that is never reached took it from an empty stack.
/// <see href="https://webassembly.github.io/spec/core/appendix/algorithm.html">Spec: validation algorithm</see>
/// </remarks>
internal sealed class OperandStack
{
    private ValueType[] _types = new ValueType[64];

    /// <summary>How many operands there are, those of the enclosing blocks included.</summary>
    public int Count { get; private set; }

    /// <summary>The most operands that there were at once since <see cref="Clear"/>.</summary>
    public int MaxCount { get; private set; }

    /// <summary>The type of an operand; 0 is the top.</summary>
    public ValueType this[int depth] => _types[Count - 1 - depth];

    /// <summary>The types of all operands, the deepest first. Valid until the next step.</summary>
    public ReadOnlySpan<ValueType> Types => _types.AsSpan(0, Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Push(ValueType type)
    {
        var types = _types;
        var count = Count;
        if ((uint)count < (uint)types.Length)
        {
            types[count] = type;
        }
        else
        {
            Grow(type);
        }

        Count = ++count;
        if (count > MaxCount)
        {
            MaxCount = count;
        }
    }

    internal void Push(ReadOnlySpan<ValueType> types)
    {
        foreach (var type in types)
        {
            Push(type);
        }
    }

    // The caller has checked that there is one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueType Pop() => _types[--Count];

    internal void Truncate(int count) => Count = count;

    internal void Clear() => (Count, MaxCount) = (0, 0);

    private void Grow(ValueType type)
    {
        Array.Resize(ref _types, _types.Length * 2);
        _types[Count] = type;
    }
}
