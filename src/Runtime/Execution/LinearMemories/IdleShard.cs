namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>The idle slots that were given back on some of the processors, so that threads on different processors take different locks.</summary>
/// <remarks>Nobody writes the object itself. Its padding keeps what was made before it out of the cache lines of the lock and the list that are made after it.</remarks>
internal sealed class IdleShard(int index)
{
#pragma warning disable CS0169, IDE0051 // It is there to take room.
    private readonly CacheLinePair _padding;
#pragma warning restore CS0169, IDE0051

    /// <summary>Guards the lists of this shard. Several are taken in the order of the shards, and the pool's own lock after them.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Slots with an image or resident pages, the last used first. Guarded by <see cref="Lock"/>.</summary>
    public SlotList Slots { get; } = new();

    /// <summary>Makes a slot idle here.</summary>
    public void Link_NeedsLock(MemorySlot slot)
    {
        slot.Affinity!.Idle[index].AddFirst(slot.AffinityNode);
        Slots.AddFirst(slot.IdleNode);
    }

    /// <summary>Takes a slot of this shard out.</summary>
    public void Unlink_NeedsLock(MemorySlot slot)
    {
        slot.Affinity!.Idle[index].Remove(slot.AffinityNode);
        Slots.Remove(slot.IdleNode);
    }

    /// <summary>Takes out the last used slot that has an image mapped.</summary>
    public MemorySlot? TakeLast_NeedsLock(MemoryAffinity affinity)
    {
        MemorySlot? slot = affinity.Idle[index].First?.Value;
        if (slot is not null)
            Unlink_NeedsLock(slot);
        return slot;
    }

    /// <summary>Takes out the slot that was unused for longest.</summary>
    public MemorySlot? TakeOldest_NeedsLock()
    {
        MemorySlot? slot = Slots.Last?.Value;
        if (slot is not null)
            Unlink_NeedsLock(slot);
        return slot;
    }

    /// <summary>Whether a slot with an image is here. A hint, unless <see cref="Lock"/> is held.</summary>
    public bool MayHave(MemoryAffinity affinity) => affinity.Idle[index].Count != 0;
}
