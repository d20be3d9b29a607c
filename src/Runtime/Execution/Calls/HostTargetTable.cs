namespace HostService.Runtime.Execution.Calls;

/// <summary>Where the stub of a host function finds what to call: by an index that is a constant in the stub.</summary>
/// <remarks>
/// Reading is lock-free. Indices are used again once released. What a delegate captures may lead back to the Store that has the function, so that the table, which lives as long as the
/// Engine, holds targets weakly; the function's <see cref="HostBinding"/> keeps its own. Only those of the Engine itself, which stay anyway, are there without that step.
/// </remarks>
internal sealed class HostTargetTable
{
    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new(); // guarded by _lock
    private readonly List<WeakReference<HostTargetTable>> _views = []; // guarded by _lock; a view that nobody closed goes with whoever reads it
    private readonly Func<object, object>? _wrap; // of a view
    private int _used;                         // guarded by _lock

    // Written under _lock and replaced by a larger copy when full; read by stubs, whose own element is set before they exist.
    private volatile object?[] _targets = new object?[16];

    public HostTargetTable()
    {
    }

    private HostTargetTable(Func<object, object> wrap) => _wrap = wrap;

    /// <summary>How many indices are in use.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _used - _free.Count;
            }
        }
    }

    /// <summary>The delegate, or for an untyped function the <see cref="HostFunction"/>, at an index; the stub owns the index.</summary>
    public object this[int index] => TargetOf(_targets[index])!;

    /// <summary>Stores a delegate or an untyped host function.</summary>
    /// <param name="target">It.</param>
    /// <param name="isKept">Whether this keeps it; else the caller must.</param>
    public int Add(object target, bool isKept)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var index))
            {
                index = _used++;
            }

            Set(index, isKept ? target : new WeakReference<object>(target));
            foreach (var view in Views_NeedsLock())
            {
                view.Set(index, view._wrap!(target));
            }

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
            foreach (var view in Views_NeedsLock())
            {
                // A view that was opened after the target was collected, and before this, never had it, and may be shorter.
                if (index < view._targets.Length)
                {
                    view._targets[index] = null;
                }
            }
        }
    }

    /// <summary>A table with something else in place of each target, those that are added later included; until it is closed.</summary>
    /// <param name="wrap">Gives what stands for a target: a delegate of the same type, or for an untyped function another one.</param>
    public HostTargetTable OpenView(Func<object, object> wrap)
    {
        var view = new HostTargetTable(wrap);
        lock (_lock)
        {
            for (var i = 0; i < _used; i++)
            {
                if (TargetOf(_targets[i]) is { } target)
                {
                    view.Set(i, wrap(target));
                }
            }

            _views.Add(new WeakReference<HostTargetTable>(view));
        }

        return view;
    }

    /// <summary>Adds no more to a view.</summary>
    public void CloseView(HostTargetTable view)
    {
        lock (_lock)
        {
            _views.RemoveAll(known => !known.TryGetTarget(out var open) || ReferenceEquals(open, view));
        }
    }

    private static object? TargetOf(object? place) => place is not WeakReference<object> weak ? place : weak.TryGetTarget(out var target) ? target : null;

    private List<HostTargetTable> Views_NeedsLock()
    {
        var open = new List<HostTargetTable>();
        _views.RemoveAll(known =>
        {
            if (!known.TryGetTarget(out var view))
            {
                return true;
            }

            open.Add(view);
            return false;
        });
        return open;
    }

    // The caller holds the lock of the table that this is, or is a view of.
    private void Set(int index, object target)
    {
        if (index >= _targets.Length)
        {
            var larger = new object?[Math.Max(2 * _targets.Length, index + 1)];
            _targets.CopyTo(larger, 0);
            _targets = larger;
        }

        _targets[index] = target;
    }
}
