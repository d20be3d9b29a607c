namespace HostService.Runtime.Execution;

/// <summary>Where the stub of a host function finds what to call: by an index that is a constant in the stub.</summary>
/// <remarks>Reading is lock-free. Indices are used again once released.</remarks>
internal sealed class HostTargetTable
{
    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new(); // guarded by _lock
    private int _used;                         // guarded by _lock

    // Written under _lock and replaced by a larger copy when full; read by stubs, whose own element is set before they exist.
    private volatile object?[] _targets = new object?[16];

    /// <summary>The delegate, or for an untyped function the <see cref="HostFunction"/>, at an index; the stub owns the index.</summary>
    public object this[int index] => _targets[index]!;

    /// <summary>Stores a delegate or an untyped host function.</summary>
    public int Add(object target)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var index))
            {
                index = _used++;
            }

            if (index == _targets.Length)
            {
                var larger = new object?[2 * index];
                _targets.CopyTo(larger, 0);
                _targets = larger;
            }

            _targets[index] = target;
            return index;
        }
    }

    /// <summary>Forgets a delegate. No stub with this index may run any more.</summary>
    public void Remove(int index)
    {
        lock (_lock)
        {
            _targets[index] = null;
            _free.Push(index);
        }
    }
}
