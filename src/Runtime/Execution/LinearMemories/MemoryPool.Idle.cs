namespace HostService.Runtime.Execution.LinearMemories;

/// <content>What happens to slots while nobody uses them: trimming, eviction, the end of the pool, the numbers.</content>
internal sealed partial class MemoryPool
{
    private ITimer? _timer;         // guarded by _lock
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
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _timer?.Dispose();
            while (StealOldest_NeedsLock() is { } slot)
                _empty.Push(slot);
            while (_empty.TryPop(out MemorySlot? slot))
            {
                slot.Dispose();
                CountResident(slot);
                Forget_NeedsLock(slot);
                _slotCount--;
            }
        }
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

    /// <summary>Called by the finalizer of a slot that nothing refers to.</summary>
    /// <returns>Whether the slot lives on in the pool.</returns>
    internal bool ReclaimAbandoned(MemorySlot slot)
    {
        // An idle slot is referred to by its pool: the pool is gone too, and the place with it.
        if (!slot.IsRented || !slot.IsPooled)
            slot.Dispose();
        else
        {
            // Its Store was dropped without being disposed. The image may be finalized already, so its bytes must not be read: drop everything.
            try
            {
                slot.Clear();
            }
            catch (Errors.ResourceLimitException)
            {
                slot.Dispose();
            }

            CountResident(slot);
            slot.Affinity = _noImage;
        }

        PutBack(slot);
        return !slot.IsReleased;
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
            slot.Dispose();
            Forget_NeedsLock(slot);
            _slotCount--;
        }

        CountResident(slot);
    }

    private void StartTimer_NeedsLock()
    {
        if (_timerRuns || _options.IdlePeriod == Timeout.InfiniteTimeSpan)
            return;
        // The timer must not keep a pool alive that its Engine has dropped.
        _timer ??= _options.TimeProvider.CreateTimer(
            static state => Tick((WeakReference<MemoryPool>)state!), new WeakReference<MemoryPool>(this), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_options.IdlePeriod, _options.IdlePeriod);
        _timerRuns = true;
    }

    private static void Tick(WeakReference<MemoryPool> weakPool)
    {
        if (!weakPool.TryGetTarget(out MemoryPool? pool))
            return;     // the timer went with the pool
        long previousTick;
        lock (pool._lock)
            previousTick = pool._tick++;

        pool.Trim(untilTick: previousTick - 1);
        lock (pool._lock)
        {
            if (pool._idle.Count == 0 && !pool._disposed)
            {
                pool._timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                pool._timerRuns = false;
            }
        }
    }
}
