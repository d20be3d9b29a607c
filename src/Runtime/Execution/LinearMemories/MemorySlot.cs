namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>A place where memories live one after another, with what it keeps from one to the next: its image, its accessible length, its resident pages.</summary>
/// <remarks>
/// Owned by one thread at a time: by the user of the memory in it, or, while it is idle, by whoever holds the lock of its shard.
/// It has no finalizer: what owns a memory gives it back, also when it is finalized itself, and the pool releases its idle slots when it is.
/// </remarks>
internal abstract unsafe class MemorySlot : IDisposable
{
    protected MemorySlot(MemoryPool pool, ulong capacityBytes, bool isPooled)
    {
        Pool = pool;
        CapacityBytes = capacityBytes;
        IsPooled = isPooled;
        IdleNode = new LinkedListNode<MemorySlot>(this);
        AffinityNode = new LinkedListNode<MemorySlot>(this);

        // The last to be made: it is padded, and the next slot, which another processor writes, is made behind it.
        Counters = new SlotCounters();
    }

    /// <summary>An address at which nothing can be read or written, nor in the 8 GiB after it where the system allows that.</summary>
    public static byte* Inaccessible { get; } = OperatingSystem.IsLinux() ? Linux.GuardedAddressSpace.Inaccessible : null;

    public MemoryPool Pool { get; }

    /// <summary>Where the memory starts; fixed while a memory lives here.</summary>
    public byte* Base { get; protected set; }

    /// <summary>The longest memory that fits.</summary>
    public ulong CapacityBytes { get; }

    /// <summary>Whether 8 GiB and a guard are reserved from <see cref="Base"/>, of which nothing past the memory's length can be touched.</summary>
    public bool HasGuard { get; protected init; }

    /// <summary>Whether only a part can be written for now; the rest is unlocked by the first write to it, or by <see cref="AllowWrites"/>.</summary>
    public bool IsNarrowed { get; protected set; }

    /// <summary>Whether it is kept after use; false for one made to measure for a very large memory.</summary>
    public bool IsPooled { get; }

    /// <summary>The image whose contents this slot starts with, or null for zeros.</summary>
    public MemoryImage? Image { get; private protected set; }

    /// <summary>Bytes of written pages that it keeps, as of the last reset.</summary>
    public long ResidentBytes { get; protected set; }

    /// <summary>What of <see cref="ResidentBytes"/> is in the pool's sum. Written by whoever has the slot.</summary>
    public long CountedResidentBytes { get; set; }

    /// <summary>Counts for the metrics; the pool holds them beyond the slot's life.</summary>
    public SlotCounters Counters { get; }

    // The rest belongs to the pool. guarded by the lock of the shard that the slot is in
    public LinkedListNode<MemorySlot> IdleNode { get; }

    public LinkedListNode<MemorySlot> AffinityNode { get; }

    public MemoryAffinity? Affinity { get; set; }

    public long LastUsedTick { get; set; }

    /// <summary>Whether the place is gone, for good.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Makes [0, <paramref name="lengthBytes"/>) accessible with the contents of <paramref name="image"/>, zero elsewhere.</summary>
    /// <exception cref="Errors.ResourceLimitException">The system refuses.</exception>
    public abstract void Prepare(MemoryImage? image, ulong lengthBytes);

    /// <summary>Makes the bytes up to <paramref name="lengthBytes"/>, at most <see cref="CapacityBytes"/>, accessible and zero.</summary>
    public abstract bool TryExtend(ulong lengthBytes);

    /// <summary>Undoes every write to [0, <paramref name="lengthBytes"/>), keeping at most <paramref name="keepBytes"/> of written pages resident.</summary>
    public abstract void Reset(ulong lengthBytes, long keepBytes);

    /// <summary>Undoes the writes to a range outside of which nothing was written, where that is cheaper than <see cref="Reset"/>.</summary>
    /// <returns>False when nothing was done and a reset is due.</returns>
    public virtual bool TryRestore(ulong from, ulong until) => false;

    /// <summary>Makes a range writable for whoever writes where no fault handler helps: the kernel, or several threads at once. For a slot that <see cref="IsNarrowed"/>.</summary>
    /// <exception cref="Errors.ResourceLimitException">The system refuses.</exception>
    public virtual void AllowWrites(ulong from, ulong until)
    {
    }

    /// <summary>Gives all written pages back and unmaps the image. For a slot that was reset, or with whatever is in it.</summary>
    public abstract void Clear();

    /// <summary>Gives the place itself back, for good.</summary>
    public void Dispose()
    {
        if (IsReleased)
            return;
        IsReleased = true;
        DropImage();
        ReleaseCore();
    }

    protected abstract void ReleaseCore();

    private protected void DropImage()
    {
        Image?.Release();
        Image = null;
    }
}
