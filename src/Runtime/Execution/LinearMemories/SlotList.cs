namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>A list of slots of one shard. Its object is long enough that the one behind it is in other cache lines: those of two shards are made one after the other, and each is for a processor of its own.</summary>
internal sealed class SlotList : LinkedList<MemorySlot>
{
#pragma warning disable CS0169, IDE0051 // It is there to take room.
    private readonly CacheLinePair _padding;
#pragma warning restore CS0169, IDE0051
}
