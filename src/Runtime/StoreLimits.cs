namespace HostService.Runtime;

/// <summary>What one <see cref="Store"/> may use. Immutable and thread-safe; one object serves any number of Stores.</summary>
public sealed record StoreLimits
{
    // Less is used up by the way into a guest.
    private const int LeastStackBytes = 16 << 10;

    /// <summary>The limits of a Store that is given none.</summary>
    public static StoreLimits Default { get; } = new();

    /// <summary>The most bytes that all memories of the Store may have together. Default: 4 GiB, what one 32-bit memory can address.</summary>
    public ulong MaxMemoryBytes { get; init; } = 1UL << 32;

    /// <summary>The most elements that all tables of the Store may have together. Default: 10,000,000, the JavaScript API's limit for one table.</summary>
    public ulong MaxTableElements { get; init; } = 10_000_000;

    /// <summary>The most bytes that structures, arrays and exceptions of the Store's guests may have together, as far as they are alive. Default: 1 GiB.</summary>
    /// <remarks>
    /// The CLR's heap is shared by all Stores, so this is an estimate: it may be off by some percent, and up to a quarter more may be alive for a while. Beyond it, an allocation traps with
    /// <see cref="TrapCode.AllocationTooLarge"/>. A single array that is larger traps before anything is allocated for it.
    /// </remarks>
    public ulong MaxHeapBytes { get; init; } = 1UL << 30;

    /// <summary>How many instances the Store may hold. Default: 10,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxInstances
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxInstances));
            field = value;
        }
    }

    = 10_000;

    /// <summary>The most bytes of the thread's stack that guests may use, 16 KiB or more. Default: 512 KiB.</summary>
    /// <remarks>At least 256 KiB of the thread's stack are always kept for host code, so on a small thread guests get less than this. Interpreted functions have a stack of their own, in native memory, of this size or 64 MiB if that is less.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 16 KiB.</exception>
    public int MaxStackBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, LeastStackBytes, nameof(MaxStackBytes));
            field = value;
        }
    }

    = 512 << 10;
}
