namespace HostService.Runtime.Compilation.Background;

/// <summary>Work that an Engine's background threads do in small steps, several threads at once.</summary>
internal interface IBackgroundWork
{
    /// <summary>Does a step of some milliseconds. Called by several threads at once; must not throw.</summary>
    /// <returns>False when no step is left to begin; others may still be in theirs.</returns>
    bool Step();

    /// <summary>Whether it would rather go on later: its turn passes to others, and it is asked again soon. Must be quick.</summary>
    bool IsWaiting => false;

    /// <summary>Has the steps that are left do nothing. What runs at this moment ends by itself. Thread-safe.</summary>
    void Cancel();
}
