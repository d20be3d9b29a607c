namespace HostService.Runtime.Execution.LinearMemories;

/// <content>What happens to slots while nobody uses them: trimming, eviction, the end of the pool, the numbers.</content>
internal sealed partial class MemoryPool
{
    private IdleTimer? _timer;         // guarded by _lock
    private bool _timerRuns;        // guarded by _lock
    private long _tick;             // guarded by _lock; periods passed, so that a return reads no clock

    /// <summary>Gives the pages and images of all idle slots back to the system. The slots stay, empty.</summary>
    public void Trim() => Trim(untilTick: long.MaxValue);

    /// <summary>What this pool holds and has done.</summary>
    public MemoryPoolStatistics GetStatistics()
    {
        lock (_lock)
        {
            var sum = new SlotCounters();
            sum.Add(_retiredCounters);
            foreach (SlotCounters counters in _counters)
                sum.Add(counters);
            int idle = _idle.Count + _empty.Count;
            return new MemoryPoolStatistics(
                _slotCount - idle,
                idle,
                Interlocked.Read(ref _residentBytes),
                sum.Rents,
                sum.AffinityHits,
                sum.Resets,
                sum.ResetsSkipped,
                sum.RestoredBytes,
                sum.Discards);
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
        lock (_lock)
        {
            while (affinity.Idle.First is { } node)
            {
                Unlink_NeedsLock(node.Value);
                ClearIdle_NeedsLock(node.Value);
            }
        }
    }

    private void ReleaseIdle()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
            while (StealOldest_NeedsLock() is { } slot)
                _empty.Push(slot);
            while (_empty.TryPop(out MemorySlot? slot))
                Release_NeedsLock(slot);
        }
    }

    private void Trim(long untilTick)
    {
        while (true)
        {
            // One slot at a time under the lock: a slot taken out to be trimmed elsewhere would look like one in use to a thread that needs the last.
            lock (_lock)
            {
                if (_idle.Last?.Value is not { } slot || slot.LastUsedTick > untilTick)
                    return;
                Unlink_NeedsLock(slot);
                ClearIdle_NeedsLock(slot);
            }
        }
    }

    private void ClearIdle_NeedsLock(MemorySlot slot)
    {
        try
        {
            slot.Clear();
            slot.Affinity = _noImage;
            _empty.Push(slot);
        }
        catch (Errors.ResourceLimitException)
        {
            Release_NeedsLock(slot);
        }

        CountResident(slot);
    }

    private void StartTimer_NeedsLock()
    {
        if (_timerRuns || _options.IdlePeriod == Timeout.InfiniteTimeSpan)
            return;
        _timer ??= new IdleTimer(this, _options.TimeProvider);
        _timer.Change(_options.IdlePeriod);
        _timerRuns = true;
    }

    private void Tick()
    {
        long previousTick;
        lock (_lock)
            previousTick = _tick++;

        Trim(untilTick: previousTick - 1);
        lock (_lock)
        {
            if (_idle.Count == 0 && !_disposed)
            {
                _timer!.Change(Timeout.InfiniteTimeSpan);
                _timerRuns = false;
            }
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
