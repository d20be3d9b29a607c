using System.Diagnostics.CodeAnalysis;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.LinearMemories.Linux;

namespace HostService.Runtime.Execution.LinearMemories;

/// <content>Which slot a memory gets, and where it goes afterwards.</content>
internal sealed partial class MemoryPool
{
    /// <summary>The longest memory that a pooled slot holds.</summary>
    private ulong PooledCapacityBytes => _options.Backend == MemoryBackend.Portable
        ? _options.PortableCapacityBytes
        : GuardedAddressSpace.IsAvailable ? GuardedAddressSpace.SlotBytes : ReservedMemorySlot.UnguardedSlotBytes;

    /// <summary>The room that a memory should have, to grow without moving.</summary>
    private ulong WantedBytes(MemoryShape shape, ulong lengthBytes)
    {
        ulong limitBytes = MemoryShape.SaturatingBytes(shape.LimitPages, shape.PageSizeLog2);
        ulong wantedBytes = _options.Backend switch
        {
            // A heap block is paid for when it is made, so nobody gets more room than they start with beyond the common capacity.
            MemoryBackend.Portable => lengthBytes <= _options.PortableCapacityBytes ? lengthBytes : lengthBytes + _options.PortableCapacityBytes,
            _ when shape.Is64 => shape.MaximumPages is null ? _options.UnboundedReservationBytes : _options.MaximumReservationBytes,
            _ => limitBytes,
        };
        return Math.Max(lengthBytes, Math.Min(wantedBytes, limitBytes));
    }

    private MemorySlot Take(MemoryAffinity affinity)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (TryTakeIdle(affinity, out MemorySlot? slot))
            return slot;
        if (TryCountNewSlot(out slot))
        {
            try
            {
                return slot ?? CreateCounted(PooledCapacityBytes, PooledCapacityBytes, isPooled: true);
            }
            catch (ResourceLimitException) when (TryTakeAny(affinity, out slot))
            {
                return slot;    // no address space for one more, but one that another module used
            }
        }

        return TryTakeAny(affinity, out slot) ? slot : throw Exhausted();
    }

    private MemorySlot TakeDedicated(ulong neededBytes, ulong wantedBytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!TryCountNewSlot(out MemorySlot? stolen) && !TryTakeAny(_noImage, out stolen))
            throw Exhausted();
        if (stolen is not null)
        {
            // Its place in the count goes to the new one.
            stolen.Dispose();
            CountResident(stolen);
            lock (_lock)
                Forget_NeedsLock(stolen);
        }

        return CreateCounted(neededBytes, wantedBytes, isPooled: false);
    }

    /// <summary>Takes a slot that has the image: of this processor's shard, else of another's.</summary>
    private bool TryTakeIdle(MemoryAffinity affinity, [NotNullWhen(true)] out MemorySlot? slot)
    {
        int home = CurrentShard;
        for (int i = 0; i < _shards.Length; i++)
        {
            IdleShard shard = _shards[(home + i) % _shards.Length];
            if (!shard.MayHave(affinity))
                continue;
            lock (shard.Lock)
                slot = shard.TakeLast_NeedsLock(affinity);
            if (slot is not null)
                return true;
        }

        slot = null;
        return false;
    }

    /// <summary>Takes any idle slot, the longest unused if none has the image. False only when all slots were in use at one instant.</summary>
    private bool TryTakeAny(MemoryAffinity affinity, [NotNullWhen(true)] out MemorySlot? slot)
    {
        slot = null;
        EnterAllLocks();
        try
        {
            for (int i = 0; i < _shards.Length && slot is null; i++)
                slot = _shards[i].TakeLast_NeedsLock(affinity);
            if (slot is not null || _empty.TryPop(out slot))
                return true;

            IdleShard oldest = _shards.MinBy(shard => shard.Slots.Last?.Value.LastUsedTick ?? long.MaxValue)!;
            slot = oldest.TakeOldest_NeedsLock();
            return slot is not null;
        }
        finally
        {
            ExitAllLocks();
        }
    }

    private MemorySlot CreateCounted(ulong neededBytes, ulong wantedBytes, bool isPooled)
    {
        try
        {
            MemorySlot slot = _options.Backend == MemoryBackend.Portable
                ? new PortableMemorySlot(this, wantedBytes, isPooled)
                : ReservedMemorySlot.Create(this, neededBytes, wantedBytes, isPooled, _options);
            lock (_lock)
                _counters.Add(slot.Counters);
            return slot;
        }
        catch
        {
            lock (_lock)
                _slotCount--;
            throw;
        }
    }

    /// <summary>Makes a slot idle that its user gave up, or strikes it off when it was released.</summary>
    private void PutBack(MemorySlot slot)
    {
        IdleShard shard = _shards[CurrentShard];
        lock (shard.Lock)
        {
            if (_disposed || slot.IsReleased)
            {
                lock (_lock)
                    Release_NeedsLock(slot);
            }
            else if (slot.Image is { IsDisposed: true })
                Empty_NeedsShardLock(slot);     // the module is gone since, and Evict has seen the idle slots only
            else
            {
                slot.LastUsedTick = Volatile.Read(ref _tick);
                shard.Link_NeedsLock(slot);
                if (!_timerRuns)
                    StartTimer();
            }
        }
    }

    private void Release_NeedsLock(MemorySlot slot)
    {
        slot.Dispose();
        CountResident(slot);
        Forget_NeedsLock(slot);
        _slotCount--;
    }

    /// <summary>Takes an empty slot, or counts one that the caller is to create.</summary>
    /// <param name="empty">The empty slot, or null to create one.</param>
    private bool TryCountNewSlot(out MemorySlot? empty)
    {
        lock (_lock)
        {
            if (_empty.TryPop(out empty))
                return true;
            if (_slotCount == _options.MaximumSlots)
                return false;
            _slotCount++;
            return true;
        }
    }

    private void Forget_NeedsLock(MemorySlot slot)
    {
        _counters.Remove(slot.Counters);
        _retiredCounters.Add(slot.Counters);
    }

    private int CurrentShard => (int)((uint)Thread.GetCurrentProcessorId() % (uint)_shards.Length);

    private void EnterAllLocks()
    {
        foreach (IdleShard shard in _shards)
            shard.Lock.Enter();
        _lock.Enter();
    }

    private void ExitAllLocks()
    {
        _lock.Exit();
        foreach (IdleShard shard in _shards)
            shard.Lock.Exit();
    }

    private ResourceLimitException Exhausted() =>
        new($"All {_options.MaximumSlots} memory slots of the engine are in use; dispose Stores that are done, or allow more slots.");
}
