using System.Diagnostics.CodeAnalysis;

namespace HostService.Runtime.Execution.LinearMemories;

/// <content>What is different in a shared memory: several Stores hold it, each on a thread of its own, and the last one to go gives it back.</content>
internal sealed unsafe partial class LinearMemory
{
    private const int Returned = -1;

    private int _holders;   // Interlocked; Returned when the last one has gone

    /// <summary>Whether several Stores may hold it, on several threads.</summary>
    [MemberNotNullWhen(true, nameof(Waiters))]
    public bool IsShared => Waiters is not null;

    /// <summary>The threads that wait in it; null unless it is shared.</summary>
    public WaitQueue? Waiters { get; }

    /// <summary>Adds a holder, so that the memory stays until as many have let go.</summary>
    /// <returns>False when the last holder has let go before.</returns>
    public bool TryHold()
    {
        for (int holders = Volatile.Read(ref _holders); holders != Returned;)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    /// <summary>Takes a holder away.</summary>
    /// <returns>Whether it was the last, who has to return the memory to its pool. That is so for every memory that isn't shared.</returns>
    public bool LetGo() => !IsShared
        || (Interlocked.Decrement(ref _holders) == 0 && Interlocked.CompareExchange(ref _holders, Returned, 0) == 0);
}
