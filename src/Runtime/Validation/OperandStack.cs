using System.Runtime.CompilerServices;

namespace HostService.Runtime.Validation;

/// <summary>The types of the operands at one point of a function.</summary>
/// <remarks>
/// A type of kind <see cref="ValueKind.None"/> is the specification's bottom: code that is never reached took it from an empty stack.
/// <see href="https://webassembly.github.io/spec/core/appendix/algorithm.html">Spec: validation algorithm</see>
/// </remarks>
internal sealed class OperandStack
{
    // A call of two bytes can push a thousand operands, so a function of the largest size could otherwise fill 15 GB. Real code stays below a thousand.
    private const int MaxOperands = 1_000_000;

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
            Grow(1);
            _types[count] = type;
        }

        Count = ++count;
        if (count > MaxCount)
        {
            MaxCount = count;
        }
    }

    // As one copy: a call can push a thousand.
    internal void Push(ReadOnlySpan<ValueType> types)
    {
        if (types.Length == 1)
        {
            Push(types[0]);
            return;
        }

        if (Count + types.Length > _types.Length)
        {
            Grow(types.Length);
        }

        types.CopyTo(_types.AsSpan(Count));
        Count += types.Length;
        MaxCount = Math.Max(MaxCount, Count);
    }

    // The caller has checked that there is one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueType Pop() => _types[--Count];

    internal void Truncate(int count) => Count = count;

    internal void Clear() => (Count, MaxCount) = (0, 0);

    private void Grow(int more)
    {
        if (Count + more > MaxOperands)
        {
            throw new ModuleLimitException($"a function has more than {MaxOperands} operands at once, which this engine does not take");
        }

        Array.Resize(ref _types, Math.Max(_types.Length * 2, Count + more));
    }
}
