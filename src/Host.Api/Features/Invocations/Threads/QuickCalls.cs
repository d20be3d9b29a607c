using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Invocations.Threads;

/// <summary>Decides which guests run where their request is: those whose function has always been quick, so that handing them to another thread would cost more than they do.</summary>
/// <remarks>
/// <para>That thread is one of the pool, which answers everything else, so a guest must not keep it. No more guests than there are processors do this at a time, and the pool is given another thread for
/// each that turns out to be long. Whose guest was that has none there for a while.</para>
/// <para>Thread-safe. Measured in docs/adr/0123.</para>
/// </remarks>
internal sealed class QuickCalls
{
    /// <summary>How long a tenant whose guest was long has no other of its guests here.</summary>
    public static readonly TimeSpan Penalty = TimeSpan.FromMinutes(10);

    // How long a guest may wait there for its client or for a time.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // What every thread of the pool has room for, beside the host's own frames.
    private const int MaxStackBytes = 512 << 10;

    // Hosts of one process share its pool.
    private static readonly Lock s_pool = new();

    private readonly TimeProvider _time;
    private readonly bool _isPossible;
    private readonly Place[] _places;
    private readonly ConcurrentDictionary<string, long> _penalties = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _penalized; // how many are in _penalties: asking the dictionary would take its locks

    public QuickCalls(IOptions<ExecutionLimits> options, TimeProvider time)
    {
        _time = time;
        _isPossible = options.Value.StackBytes <= MaxStackBytes;
        _places = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Place())];
    }

    /// <summary>How many guests run where their request is at this moment.</summary>
    public int Running => _places.Count(place => Volatile.Read(ref place.Since) != 0);

    /// <summary>How many have run there so far.</summary>
    public long Total => _places.Sum(place => Volatile.Read(ref place.Guests));

    /// <summary>Asks for a place to run a guest on the thread that asks. Who gets one calls <see cref="Leave"/>.</summary>
    /// <param name="tenant">Whose guest it is.</param>
    /// <param name="history">What is known of its function.</param>
    /// <returns>Null when it is to run on a guest thread.</returns>
    public Place? TryEnter(string tenant, CallHistory history)
    {
        if (!history.IsQuick || !_isPossible || IsPenalized(tenant))
        {
            return null;
        }

        var now = Math.Max(_time.GetTimestamp(), 1);
        var first = (uint)Thread.GetCurrentProcessorId();
        for (var i = 0u; i < _places.Length; i++)
        {
            var place = _places[(first + i) % _places.Length];
            if (Volatile.Read(ref place.Since) == 0 && Interlocked.CompareExchange(ref place.Since, now, 0) == 0)
            {
                place.Guests++;
                place.Collecting = GC.GetTotalPauseDuration();
                return place;
            }
        }

        return null;
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="place">The place.</param>
    /// <param name="tenant">Whose guest it was.</param>
    /// <param name="history">What is known of its function.</param>
    /// <param name="deadline">Knows what the guest used.</param>
    public void Leave(Place place, string tenant, CallHistory history, Deadline deadline)
    {
        var took = _time.GetElapsedTime(place.Since);
        // On the clock alone it may just have had to wait for a processor, and whoever allocates at the wrong moment collects everybody's garbage.
        var collecting = took > EpochTicker.Interval ? GC.GetTotalPauseDuration() - place.Collecting : default;
        // A full fence, as in Tick: either this sees that the place was found to be long, or Tick sees that it is free.
        Interlocked.Exchange(ref place.Since, 0);
        if (Volatile.Read(ref place.IsLong))
        {
            Undo(place);
        }

        if (took > s_patience || (took > EpochTicker.Interval && deadline.UsedCpuTime - collecting > EpochTicker.Interval))
        {
            history.Betrayed();
            Penalize(tenant);
        }
    }

    /// <summary>Finds guests that do not end, and gives the pool threads for theirs.</summary>
    /// <remarks>Called every few milliseconds.</remarks>
    /// <param name="interval">How long a guest may run before it is long.</param>
    public void Tick(TimeSpan interval)
    {
        foreach (var place in _places)
        {
            var since = Volatile.Read(ref place.Since);
            if (since == 0 || place.IsLong || _time.GetElapsedTime(since) <= interval)
            {
                continue;
            }

            lock (_lock)
            {
                place.IsLong = true;
                Widen(1);
            }

            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref place.Since) != since)
            {
                Undo(place);
            }
        }

        if (Volatile.Read(ref _penalized) != 0)
        {
            Forgive();
        }
    }

    private void Undo(Place place)
    {
        lock (_lock)
        {
            if (place.IsLong)
            {
                place.IsLong = false;
                Widen(-1);
            }
        }
    }

    // The pool starts a thread at once when work waits and it has fewer than this least number; by itself it would add one or two in a second.
    private static void Widen(int threads)
    {
        lock (s_pool)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            ThreadPool.SetMinThreads(workers + threads, ports);
        }
    }

    private bool IsPenalized(string tenant) => Volatile.Read(ref _penalized) != 0 && _penalties.ContainsKey(tenant);

    private void Penalize(string tenant)
    {
        if (_penalties.TryAdd(tenant, _time.GetTimestamp()))
        {
            Interlocked.Increment(ref _penalized);
        }
    }

    private void Forgive()
    {
        foreach (var (tenant, since) in _penalties)
        {
            if (_time.GetElapsedTime(since) >= Penalty && _penalties.TryRemove(tenant, out _))
            {
                Interlocked.Decrement(ref _penalized);
            }
        }
    }

    /// <summary>Where one guest runs at a time.</summary>
    internal sealed class Place
    {
        /// <summary>When that began; 0 when none does.</summary>
        public long Since;

        /// <summary>What all collections of garbage had taken by then.</summary>
        public TimeSpan Collecting;

        /// <summary>How many there were. Written by who has the place.</summary>
        public long Guests;

        /// <summary>Whether it was found to be long, so that the pool has a thread more. Written under the lock.</summary>
        public bool IsLong;
    }
}
