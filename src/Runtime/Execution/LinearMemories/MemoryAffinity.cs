namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>The idle slots of one pool that have one image mapped.</summary>
/// <remarks>
/// Both fields are read for every memory, on all processors. The padding and the order in which the objects are made keep them, and the array, out of the cache
/// lines of the lists, each of which one processor writes.
/// </remarks>
internal sealed class MemoryAffinity
{
#pragma warning disable CS0169, IDE0051 // It is there to take room.
    private readonly CacheLinePair _padding;
#pragma warning restore CS0169, IDE0051

    public MemoryAffinity(MemoryPool pool)
    {
        Pool = pool;
        var lists = new List<SlotList>(pool.ShardCount);
        while (lists.Count < pool.ShardCount)
            lists.Add(new SlotList());
        Idle = [.. lists];
    }

    public MemoryPool Pool { get; }

    /// <summary>By shard, the last used first. Guarded by the shard's lock.</summary>
    public SlotList[] Idle { get; }
}
