namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>Decides for one Store whether a memory may take more bytes.</summary>
/// <remarks>Called on the thread that instantiates or grows, for the initial size (from 0) and for each growth that the memory's own maximum allows.</remarks>
internal interface IMemoryLimiter
{
    /// <summary>Whether a memory of <paramref name="currentBytes"/> may become <paramref name="desiredBytes"/> long.</summary>
    /// <param name="currentBytes">Its length now; 0 when it is being made.</param>
    /// <param name="desiredBytes">Its length if this is granted.</param>
    /// <param name="maximumBytes">The declared maximum, or null when its type declares none.</param>
    bool TryGrow(ulong currentBytes, ulong desiredBytes, ulong? maximumBytes);

    /// <summary>What is refused beyond, for the message: "its limit of so many bytes".</summary>
    string Limit => "its limit";

    /// <summary>What was granted did not happen, because the system had no memory: a limiter that keeps a sum takes it back.</summary>
    void GrowFailed(ulong currentBytes, ulong desiredBytes)
    {
    }
}
