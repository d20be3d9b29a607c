namespace HostService.Runtime.Execution.LinearMemories;

/// <content>What happens to slots while nobody uses them: trimming, eviction, the end of the pool, the numbers.</content>
internal sealed partial class MemoryPool
{
    private IdleTimer? _timer;          // guarded by _lock
    private volatile bool _timerRuns;   // set with _lock held, cleared with all locks held
    private long _tick;                 // Interlocked; periods passed, so that a return reads no clock

    /// <summary>Gives the pages and images of all idle slots back to the system. The slots stay, empty.</summary>
    public void Trim() => Trim(untilTick: long.MaxValue);

    /// <summary>What this pool holds and has done.</summary>
    public MemoryPoolStatistics GetStatistics()
    {
        var sum = new SlotCounters();
        EnterAllLocks();
        try
        {
            sum.Add(_retiredCounters);
            foreach (SlotCounters counters in _counters)
                sum.Add(counters);
            int idle = _empty.Count + _shards.Sum(shard => shard.Slots.Count);
            return new MemoryPoolStatistics(
                _slotCount - idle,
                idle,
                Volatile.Read(ref _residentBytes),
                sum.Rents,
                sum.AffinityHits,
                sum.Resets,
                sum.ResetsUnasked,
                sum.ResetsSkipped,
                sum.RestoredBytes,
                sum.Discards);
        }
        finally
        {
            ExitAllLocks();
        }
    }

    /// <summary>Releases every idle slot now, and each rented one when it comes back.</summary>
    public void Dispose()
    {
        ReleaseIdle();
        GC.SuppressFinalize(this);
    }

    /// <summary>Unmaps an image that is being disposed from the idle slots. Rented slots follow when they come back.</summary>
    internal void Evict(MemoryAffinity affinity)
    {
        foreach (IdleShard shard in _shards)
        {
            lock (shard.Lock)
            {
                while (shard.TakeLast_NeedsLock(affinity) is { } slot)
                    Empty_NeedsShardLock(slot);
            }
        }
    }

    private void ReleaseIdle()
    {
        EnterAllLocks();
        try
        {
            _disposed = true;
            _timer?.Dispose();
            foreach (IdleShard shard in _shards)
            {
                while (shard.TakeOldest_NeedsLock() is { } slot)
                    Release_NeedsLock(slot);
            }

            while (_empty.TryPop(out MemorySlot? slot))
                Release_NeedsLock(slot);
        }
        finally
        {
            ExitAllLocks();
        }
    }

    private void Trim(long untilTick)
    {
        foreach (IdleShard shard in _shards)
        {
            while (TrimOldest(shard, untilTick))
            {
                // The lock is free between two slots, so that nobody waits for all of them.
            }
        }
    }

    // A slot taken out to be emptied without the lock would look like one in use to a thread that needs the last.
    private bool TrimOldest(IdleShard shard, long untilTick)
    {
        lock (shard.Lock)
        {
            if (shard.Slots.Last?.Value is not { } slot || slot.LastUsedTick > untilTick)
                return false;
            shard.Unlink_NeedsLock(slot);
            Empty_NeedsShardLock(slot);
            return true;
        }
    }

    /// <summary>Gives an unlinked slot's pages and image back and keeps it as an empty one. The shard's lock keeps it from looking lost meanwhile.</summary>
    private void Empty_NeedsShardLock(MemorySlot slot)
    {
        bool isEmpty = TryClear(slot);
        lock (_lock)
        {
            if (isEmpty)
                _empty.Push(slot);
            else
                Release_NeedsLock(slot);
        }
    }

    private bool TryClear(MemorySlot slot)
    {
        try
        {
            slot.Clear();
            slot.Affinity = _noImage;
            CountResident(slot);
            return true;
        }
        catch (Errors.ResourceLimitException)
        {
            return false;
        }
    }

    private void StartTimer()
    {
        if (_options.IdlePeriod == Timeout.InfiniteTimeSpan)
            return;
        lock (_lock)
        {
            if (_timerRuns || _disposed)
                return;
            _timer ??= new IdleTimer(this, _options.TimeProvider);
            _timer.Change(_options.IdlePeriod);
            _timerRuns = true;
        }
    }

    private void Tick()
    {
        Trim(untilTick: Interlocked.Increment(ref _tick) - 2);
        EnterAllLocks();
        try
        {
            if (!_disposed && Array.TrueForAll(_shards, shard => shard.Slots.Count == 0))
            {
                _timer!.Change(Timeout.InfiniteTimeSpan);
                _timerRuns = false;
            }
        }
        finally
        {
            ExitAllLocks();
        }
    }

    /// <summary>A timer that does not keep a pool alive which its Engine has dropped.</summary>
    private sealed class IdleTimer : IDisposable
    {
        private readonly WeakReference<MemoryPool> _pool;
        private readonly ITimer _timer;

        public IdleTimer(MemoryPool pool, TimeProvider time)
        {
            _pool = new WeakReference<MemoryPool>(pool);
            _timer = time.CreateTimer(static state => ((IdleTimer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Change(TimeSpan period) => _timer.Change(period, period);

        public void Dispose() => _timer.Dispose();

        private void Tick()
        {
            if (_pool.TryGetTarget(out MemoryPool? pool))
                pool.Tick();
            else
                Dispose();
        }
    }
}
