namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>The idle slots of one pool that have one image mapped, the last used first.</summary>
internal sealed class MemoryAffinity(MemoryPool pool)
{
    public MemoryPool Pool { get; } = pool;

    public LinkedList<MemorySlot> Idle { get; } = new();    // guarded by MemoryPool._lock
}
