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
        MemorySlot? slot;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            slot = affinity.Idle.First?.Value;
            if (slot is not null)
                Unlink_NeedsLock(slot);
            else if (!_empty.TryPop(out slot) && !TryCountNewSlot_NeedsLock())
                slot = StealOldest_NeedsLock() ?? throw Exhausted();
        }

        try
        {
            return slot ?? CreateCounted(PooledCapacityBytes, PooledCapacityBytes, isPooled: true);
        }
        catch (ResourceLimitException) when (TryStealOldest(out slot))
        {
            return slot;    // no address space for one more, but one that another module used
        }
    }

    private MemorySlot TakeDedicated(ulong neededBytes, ulong wantedBytes)
    {
        MemorySlot? stolen = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!TryCountNewSlot_NeedsLock() && !_empty.TryPop(out stolen))
                stolen = StealOldest_NeedsLock() ?? throw Exhausted();
        }

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
        lock (_lock)
        {
            if (!_disposed && !slot.IsReleased)
            {
                // The module may be gone since, and Evict has seen the idle slots only.
                if (slot.Image is { IsDisposed: true })
                    ClearIdle_NeedsLock(slot);
                else
                    Link_NeedsLock(slot);
                return;
            }

            Release_NeedsLock(slot);
        }
    }

    private void Release_NeedsLock(MemorySlot slot)
    {
        slot.Dispose();
        CountResident(slot);
        Forget_NeedsLock(slot);
        _slotCount--;
    }

    private void Link_NeedsLock(MemorySlot slot)
    {
        slot.LastUsedTick = _tick;
        slot.Affinity!.Idle.AddFirst(slot.AffinityNode);
        _idle.AddFirst(slot.IdleNode);
        StartTimer_NeedsLock();
    }

    private void Unlink_NeedsLock(MemorySlot slot)
    {
        slot.Affinity!.Idle.Remove(slot.AffinityNode);
        _idle.Remove(slot.IdleNode);
    }

    private bool TryStealOldest([NotNullWhen(true)] out MemorySlot? slot)
    {
        lock (_lock)
        {
            slot = StealOldest_NeedsLock();
        }

        return slot is not null;
    }

    private MemorySlot? StealOldest_NeedsLock()
    {
        MemorySlot? slot = _idle.Last?.Value;
        if (slot is not null)
            Unlink_NeedsLock(slot);
        return slot;
    }

    private bool TryCountNewSlot_NeedsLock()
    {
        if (_slotCount == _options.MaximumSlots)
            return false;
        _slotCount++;
        return true;
    }

    private void Forget_NeedsLock(MemorySlot slot)
    {
        _counters.Remove(slot.Counters);
        _retiredCounters.Add(slot.Counters);
    }

    private ResourceLimitException Exhausted() =>
        new($"All {_options.MaximumSlots} memory slots of the engine are in use; dispose Stores that are done, or allow more slots.");
}
