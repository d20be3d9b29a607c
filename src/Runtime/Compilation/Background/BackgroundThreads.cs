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

    private readonly Lock _lock = new();
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

    // Takes the first and leaves it in the list, as the last: others may work on it too, and each module gets its turn.
    private LinkedListNode<IBackgroundWork>? TryTake()
    {
        lock (_lock)
        {
            if (_work.First is not { } first)
            {
                _threads--;
                return null;
            }

            _work.RemoveFirst();
            _work.AddLast(first);
            return first;
        }
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
