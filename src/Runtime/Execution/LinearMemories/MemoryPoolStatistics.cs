namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>What a <see cref="MemoryPool"/> holds now, and has done since it was made. Each number is right by itself; together they are not one instant.</summary>
/// <param name="SlotsInUse">Memories rented and not returned.</param>
/// <param name="SlotsIdle">Slots ready for the next user.</param>
/// <param name="ResidentBytes">Written pages that idle slots keep; for slots in use, what they had when they were rented.</param>
/// <param name="Rents">Memories handed out.</param>
/// <param name="AffinityHits">Of these, the ones whose slot already had the module's image mapped.</param>
/// <param name="Resets">Returns that restored what may have been written.</param>
/// <param name="ResetsUnasked">Of these, the ones of narrowed slots, where nothing but their window can have been written.</param>
/// <param name="ResetsSkipped">Returns of memories that nobody can have written.</param>
/// <param name="RestoredBytes">Bytes copied back or zeroed by resets.</param>
/// <param name="Discards">Times that pages were given back to the system.</param>
internal readonly record struct MemoryPoolStatistics(
    int SlotsInUse,
    int SlotsIdle,
    long ResidentBytes,
    long Rents,
    long AffinityHits,
    long Resets,
    long ResetsUnasked,
    long ResetsSkipped,
    long RestoredBytes,
    long Discards);

/// <summary>One slot's share of the statistics, written by whoever has the slot, so that counting costs no shared cache line.</summary>
internal sealed class SlotCounters
{
    public long Rents;
    public long AffinityHits;
    public long Resets;
    public long ResetsUnasked;
    public long ResetsSkipped;
    public long RestoredBytes;
    public long Discards;

#pragma warning disable CS0169, IDE0051 // It is there to take room.
    private readonly CacheLinePair _padding;
#pragma warning restore CS0169, IDE0051

    public void Add(SlotCounters other)
    {
        Rents += other.Rents;
        AffinityHits += other.AffinityHits;
        Resets += other.Resets;
        ResetsUnasked += other.ResetsUnasked;
        ResetsSkipped += other.ResetsSkipped;
        RestoredBytes += other.RestoredBytes;
        Discards += other.Discards;
    }
}
