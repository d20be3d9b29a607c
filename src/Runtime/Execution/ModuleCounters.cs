namespace HostService.Runtime.Execution;

/// <summary>Counts of an Engine's modules, for <see cref="EngineStatistics"/>.</summary>
internal sealed class ModuleCounters
{
    private int _alive;

    /// <summary>How many modules exist that were not disposed, or whose instances still live.</summary>
    public int Alive => Volatile.Read(ref _alive);

    public void Created() => Interlocked.Increment(ref _alive);

    public void Released() => Interlocked.Decrement(ref _alive);
}
