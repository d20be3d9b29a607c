using System.Runtime.InteropServices;

namespace HostService.Runtime.Compilation.Background;

/// <summary>A bounded number of threads that share an Engine's background work, module by module in turn.</summary>
/// <remarks>Threads are started when there is work and end when there is none. Thread-safe.</remarks>
/// <param name="maxThreads">The most threads at once; at least 1.</param>
/// <param name="name">What they are called.</param>
/// <param name="isUrgent">Whether somebody waits for what they do; else they have a low priority.</param>
internal sealed partial class BackgroundThreads(int maxThreads, string name, bool isUrgent) : IDisposable
{
    // Ten steps below normal weigh about a tenth of a normal thread where both want the same core.
    private const int Niceness = 10;

    // How soon those are asked again that wait, if all do.
    private const int PauseMilliseconds = 2;

    private readonly object _lock = new(); // a monitor, to wait on
    private readonly LinkedList<IBackgroundWork> _work = []; // guarded by _lock, as are the next two
    private int _threads;
    private bool _disposed;

    /// <summary>Adds work; it is begun at once if a thread is free.</summary>
    public void Add(IBackgroundWork work)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _work.AddLast(work);
            Monitor.PulseAll(_lock);
            while (_threads < maxThreads)
            {
                _threads++;
                new Thread(Run) { IsBackground = true, Name = name, Priority = isUrgent ? ThreadPriority.Normal : ThreadPriority.BelowNormal }.Start();
            }
        }
    }

    /// <summary>Cancels all work; threads end after their step.</summary>
    public void Dispose()
    {
        List<IBackgroundWork> dropped;
        lock (_lock)
        {
            _disposed = true;
            dropped = [.. _work];
            _work.Clear();
            Monitor.PulseAll(_lock);
        }

        foreach (var work in dropped)
        {
            // No thread comes back to it, so this one takes it to its end, which a cancelled one reaches without doing anything.
            work.Cancel();
            while (work.Step())
            {
            }
        }
    }

    private void Run()
    {
        if (!isUrgent)
        {
            LowerPriority();
        }

        while (TryTake() is { } work)
        {
            if (!work.Value.Step())
            {
                Remove(work);
            }
        }
    }

    // Null when there is none, and the thread is to end.
    private LinkedListNode<IBackgroundWork>? TryTake()
    {
        lock (_lock)
        {
            while (_work.Count > 0)
            {
                if (FirstThatDoesNotWait() is { } work)
                {
                    return work;
                }

                Monitor.Wait(_lock, PauseMilliseconds);
            }

            _threads--;
            return null;
        }
    }

    // It stays in the list, as the last: others may work on it too, and each module gets its turn.
    private LinkedListNode<IBackgroundWork>? FirstThatDoesNotWait()
    {
        for (var left = _work.Count; left > 0; left--)
        {
            var first = _work.First!;
            _work.RemoveFirst();
            _work.AddLast(first);
            if (!first.Value.IsWaiting)
            {
                return first;
            }
        }

        return null;
    }

    private void Remove(LinkedListNode<IBackgroundWork> work)
    {
        lock (_lock)
        {
            if (work.List is not null)
            {
                _work.Remove(work);
            }
        }
    }

    // The CLR ignores priorities on Linux, where lowering one's own needs no right: to the kernel, "process 0" of this call is the calling thread.
    private static void LowerPriority()
    {
        if (OperatingSystem.IsLinux())
        {
            SetPriority(which: 0, who: 0, Niceness);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial void SetPriority(int which, uint who, int priority);
}
