using System.Runtime.ExceptionServices;

namespace HostService.Runtime.Parallelism;

/// <summary>Work that threads of the pool help the calling thread with, as far as the pool has any.</summary>
/// <remarks>
/// <see cref="Parallel"/> waits for every thread that it asked for, also when nothing is left for it to do. In a process whose pool is busy, or blocked, that is seconds for a module of a millisecond,
/// because the pool adds a thread or two in a second (docs/adr/0132). Here the calling thread does all of the work itself if it must, and waits only for threads that have begun.
/// </remarks>
internal sealed class SharedWork : IThreadPoolWorkItem
{
    private readonly object _lock = new(); // pulsed when no helper is at work any more
    private Action? _work;                   // null once it is over: the pool may keep this for long
    private int _helpers;                    // guarded by _lock, and so is what follows
    private bool _isOver;
    private ExceptionDispatchInfo? _failure; // the first

    private SharedWork(Action work) => _work = work;

    /// <summary>Has work done.</summary>
    /// <param name="threads">By how many threads at most, the calling one included.</param>
    /// <param name="work">Takes pieces and does them until none are left. Called once on each thread, at the same time. One that fails should leave none to the others.</param>
    /// <exception cref="Exception">What the first of the calls that failed threw, once all have ended.</exception>
    public static void Run(int threads, Action work)
    {
        if (threads <= 1)
        {
            work();
            return;
        }

        var shared = new SharedWork(work);
        for (var helper = 1; helper < threads; helper++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(shared, preferLocal: false);
        }

        shared.Do();
        shared.End();
    }

    /// <summary>One helper's part.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _helpers++;
        }

        Do();
        lock (_lock)
        {
            if (--_helpers == 0)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void Do()
    {
        try
        {
            _work!();
        }
        catch (Exception failure)
        {
            lock (_lock)
            {
                _failure ??= ExceptionDispatchInfo.Capture(failure);
            }
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _isOver = true;
            while (_helpers > 0)
            {
                Monitor.Wait(_lock);
            }
        }

        _work = null;
        _failure?.Throw();
    }
}
