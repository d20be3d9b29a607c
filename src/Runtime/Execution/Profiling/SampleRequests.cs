using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>The thread of a profile: asks the guest for a sample at every interval, as if its deadline had passed.</summary>
/// <remarks>
/// A request may get lost, when the guest's thread sets the deadline at the same moment. The next interval asks again, and the sample that comes of it stands for both.
/// The thread ends with <see cref="Stop"/>, which disposing the Store calls too, or when the Store has been collected, which it does not prevent.
/// </remarks>
internal sealed class SampleRequests(Store store, TimeSpan interval)
{
    // The next sample comes no sooner than after this many times what the last one took.
    private const int CostShare = 8;

    private readonly object _lock = new(); // an object, not a Lock: the thread waits on it
    private readonly WeakReference<Store> _store = new(store);
    private readonly long _interval = (long)(interval.TotalSeconds * Stopwatch.Frequency);
    private bool _stopped;      // guarded by _lock
    private long _counted;      // up to when intervals are counted; the thread's own
    private int _every = 1;     // intervals; written by the guest's thread
    private long _cost;         // timestamps, of the sample before; written by the guest's thread
    private int _due;           // intervals since the sample before in which the guest ran

    /// <summary>The thread, once it is started.</summary>
    public Thread? Thread { get; private set; }

    public void Start()
    {
        Thread = new Thread(Run) { IsBackground = true, Name = "guest profile" };
        Thread.Start();
    }

    /// <summary>Ends the requests: none comes after this.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>How many intervals the sample stands for that is taken now; 0 when none is due.</summary>
    public int TakeDue() => Interlocked.Exchange(ref _due, 0);

    /// <summary>Asks half as often from now on.</summary>
    public void HalveRate() => Volatile.Write(ref _every, 2 * _every);

    /// <summary>Notes how long the last sample took.</summary>
    public void NoteCost(TimeSpan cost) => Volatile.Write(ref _cost, (long)(cost.TotalSeconds * Stopwatch.Frequency));

    private void Run()
    {
        _counted = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            while (!_stopped && Ask())
            {
                Monitor.Wait(_lock, Pause());
            }
        }
    }

    // False when there is no Store any more. Not inlined, so that the waiting thread's frame refers to none.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Ask()
    {
        if (!_store.TryGetTarget(out var store))
        {
            return false;
        }

        var now = Stopwatch.GetTimestamp();
        if (store.EntryDepth == 0)
        {
            // Between calls nobody would answer, and that time is no guest's.
            _counted = now;
            return true;
        }

        var intervals = (now - _counted) / _interval;
        _counted += intervals * _interval;
        if (Interlocked.Add(ref _due, (int)intervals) > 0)
        {
            store.RequestSample();
        }

        return true;
    }

    private TimeSpan Pause() => Stopwatch.GetElapsedTime(0, Math.Max(Volatile.Read(ref _every) * _interval, CostShare * Volatile.Read(ref _cost)));
}
