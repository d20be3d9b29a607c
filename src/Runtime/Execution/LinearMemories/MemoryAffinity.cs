namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>The idle slots of one pool that have one image mapped.</summary>
internal sealed class MemoryAffinity
{
    public MemoryAffinity(MemoryPool pool)
    {
        Pool = pool;
        Idle = new SlotList[pool.ShardCount];
        for (int i = 0; i < Idle.Length; i++)
            Idle[i] = new SlotList();
    }

    public MemoryPool Pool { get; }

    /// <summary>By shard, the last used first. Guarded by the shard's lock.</summary>
    public SlotList[] Idle { get; }
}
