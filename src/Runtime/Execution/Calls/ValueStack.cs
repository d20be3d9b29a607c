namespace HostService.Runtime.Execution.Calls;

/// <summary>A Store's stack of values, on which calls of untyped host functions pass theirs without allocating.</summary>
internal sealed class ValueStack
{
    private const int UsualLength = 32;

    private Value[] _values = new Value[UsualLength];
    private int _count;

    /// <summary>Pushes one value.</summary>
    public void Push(in Value value) => Take(1)[0] = value;

    /// <summary>Pops one value.</summary>
    public Value Pop()
    {
        var value = _values[--_count];
        _values[_count] = default;
        return value;
    }

    /// <summary>Makes room on top and gives it; it stays valid, though not on the stack any more, when the stack grows later.</summary>
    public Span<Value> Take(int count)
    {
        if (_count + count > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(2 * _values.Length, _count + count));
        }

        _count += count;
        return _values.AsSpan(_count - count, count);
    }

    /// <summary>The topmost values.</summary>
    public Span<Value> Top(int count) => _values.AsSpan(_count - count, count);

    /// <summary>How many values are on the stack.</summary>
    public int Count => _count;

    /// <summary>Drops all values above a height, clearing them so that they keep nothing alive.</summary>
    public void DropTo(int count)
    {
        _values.AsSpan(count, _count - count).Clear();
        _count = count;
    }

    /// <summary>Makes it as good as new: empty, and no longer than most need it.</summary>
    public void Reset()
    {
        DropTo(0);
        if (_values.Length > UsualLength)
        {
            _values = new Value[UsualLength];
        }
    }
}
