namespace HostService.Runtime;

/// <summary>What an <see cref="Engine"/> holds at one moment, for metrics. Each number is right by itself; together they are not one instant.</summary>
/// <param name="Modules">Modules that were not disposed, or that a Store still uses.</param>
/// <param name="Signatures">Distinct types registered, those of host functions included.</param>
/// <param name="MemoriesInUse">Linear memories alive.</param>
/// <param name="MemoriesIdle">Slots of the memory pool that wait for their next user.</param>
/// <param name="MemoryResidentBytes">Bytes that idle slots keep in physical memory.</param>
/// <param name="MemoryResets">How often a returned memory had to be put back to its first contents, since the Engine was made.</param>
/// <param name="MemoryAffinityHits">How often a slot was used again by the module that had it before, since the Engine was made.</param>
public readonly record struct EngineStatistics(
    int Modules, int Signatures, int MemoriesInUse, int MemoriesIdle, long MemoryResidentBytes, long MemoryResets, long MemoryAffinityHits)
{
    internal static EngineStatistics Of(Engine engine)
    {
        var memories = engine.Memories.GetStatistics();
        return new EngineStatistics(
            engine.Counters.Alive, engine.Signatures.Count, memories.SlotsInUse, memories.SlotsIdle, memories.ResidentBytes, memories.Resets,
            memories.AffinityHits);
    }
}
