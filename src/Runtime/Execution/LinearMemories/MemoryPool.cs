using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Faults;

namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>Hands out linear memories and takes them back, so that a fresh one costs no mapping and no page fault in the steady state.</summary>
/// <remarks>
/// Safe for any number of threads. Idle slots are in shards, by the processor that gave them back. A shard's lock covers list operations only, tens of
/// nanoseconds each, once per rent and once per return; preparing and resetting a slot, which call the system, run outside it. Order of preference for a slot:
/// one with the module's image mapped, an empty one, a new one, the longest unused. Only with all locks held may a thread say that no slot is left.
/// </remarks>
internal sealed partial class MemoryPool : IDisposable
{
    private readonly MemoryPoolOptions _options;
    private readonly IdleShard[] _shards;
    private readonly Lock _lock = new();                        // after those of shards
    private readonly Stack<MemorySlot> _empty = new();          // guarded by _lock; idle slots with neither image nor resident pages
    private readonly List<SlotCounters> _counters = [];         // guarded by _lock; of the slots that exist
    private readonly SlotCounters _retiredCounters = new();     // guarded by _lock; sums of the slots that are gone
    private readonly MemoryAffinity _noImage;
    private int _slotCount;                                     // guarded by _lock; in use, idle and empty
    private long _residentBytes;                                // Interlocked
    private volatile bool _disposed;                            // set with all locks held

    /// <summary>Makes a pool. It reserves nothing until the first memory is rented.</summary>
    public MemoryPool(MemoryPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumSlots, 1);
        if (options.Backend == MemoryBackend.Reserved && !OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Reserved memories need Linux; use the portable backend.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shards, 1);
        _options = options;
        _shards = [.. Enumerable.Range(0, options.Shards).Select(index => new IdleShard(index))];
        _noImage = new MemoryAffinity(this);
    }

    ~MemoryPool()
    {
        // Null after a constructor that threw.
        if (_shards is not null)
            ReleaseIdle();
    }

    /// <summary>How many lists the idle slots of one image are in.</summary>
    internal int ShardCount => _shards.Length;

    /// <summary>Whether memories of this pool with 32-bit addresses and whole pages have a guard (<see cref="LinearMemory.HasGuard"/>), so that code without bounds checks may run on them.</summary>
    public bool SupportsGuards =>
        _options.FaultsPastLength && _options.Backend == MemoryBackend.Reserved && Linux.GuardedAddressSpace.IsAvailable && GuardPages.IsSupported;

    /// <summary>Rents a memory of a type: zero but for <paramref name="image"/>.</summary>
    /// <param name="minimumPages">The initial length, in pages of 2^<paramref name="pageSizeLog2"/> bytes.</param>
    /// <param name="maximumPages">The declared maximum in the same unit, or null.</param>
    /// <param name="is64">Whether addresses are <c>i64</c>.</param>
    /// <param name="pageSizeLog2">16, or 0 with custom page sizes.</param>
    /// <param name="image">The initial contents, or null for zeros. An image belongs to the pool that first used it.</param>
    /// <param name="limiter">Asked for the initial length now, and for each growth later; null grants everything.</param>
    /// <param name="isShared">Whether several Stores may hold it, on several threads. It begins without a holder; see <see cref="LinearMemory.TryHold"/>.</param>
    /// <exception cref="ResourceLimitException">The limiter refuses, all slots are in use, or the system has no room.</exception>
    public LinearMemory Rent(ulong minimumPages, ulong? maximumPages, bool is64, int pageSizeLog2, MemoryImage? image, IMemoryLimiter? limiter, bool isShared = false)
    {
        var shape = new MemoryShape(minimumPages, maximumPages, is64, pageSizeLog2, isShared);
        ulong lengthBytes = MemoryShape.SaturatingBytes(minimumPages, pageSizeLog2);
        ulong? maximumBytes = maximumPages is { } maximum ? MemoryShape.SaturatingBytes(maximum, pageSizeLog2) : null;
        if (image is not null && image.EndBytes > lengthBytes)
            throw new ArgumentException($"The image ends at byte {image.EndBytes}, past the memory's {lengthBytes} bytes.", nameof(image));
        if (limiter is not null && !limiter.TryGrow(0, lengthBytes, maximumBytes))
            throw new ResourceLimitException($"A memory of {minimumPages} pages ({lengthBytes} bytes) is over {limiter.Limit}.");

        try
        {
            MemorySlot slot = TakePrepared(shape, lengthBytes, image);
            slot.Counters.Rents++;
            return new LinearMemory(slot, shape, lengthBytes, limiter);
        }
        catch
        {
            limiter?.GrowFailed(0, lengthBytes);
            throw;
        }
    }

    /// <summary>Takes a memory back. Nothing that its user wrote can be read afterwards. A second return does nothing. May be called by a finalizer.</summary>
    /// <param name="memory">A memory of this pool, no longer used by any code.</param>
    /// <exception cref="ArgumentException">The memory is another pool's.</exception>
    /// <param name="unwritten">The caller knows that no guest code which could reach this memory ran, and wrote nothing through <see cref="LinearMemory.Base"/>;
    /// what was written through its methods is known here.</param>
    public void Return(LinearMemory memory, bool unwritten = false)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ulong lengthBytes = memory.LengthBytes;
        MemorySlot? slot = memory.Detach(this);
        if (slot is null)
            return;

        // An image that is gone cannot be copied back: PutBack empties the slot. Where a Store was dropped together with its module, and is given back by
        // a finalizer, the image may be finalized already.
        bool isEmptied = slot.Image is { IsDisposed: true };
        if (!slot.IsPooled)
            slot.Dispose();     // written or not: it has no guard, on which the code of whoever got it next would rely
        else if (unwritten && memory.HostWroteUntil == 0)
            slot.Counters.ResetsSkipped++;
        else
        {
            var (from, until) = unwritten ? (memory.HostWroteFrom, memory.HostWroteUntil) : (0, lengthBytes);
            if (!isEmptied && !TryReset(slot, lengthBytes, from, until))
                slot.Dispose();
        }

        PutBack(slot);
    }

    private MemorySlot TakePrepared(MemoryShape shape, ulong lengthBytes, MemoryImage? image)
    {
        MemoryAffinity affinity = image is null ? _noImage : image.AffinityWith(this);
        ulong wantedBytes = WantedBytes(shape, lengthBytes);
        MemorySlot slot = wantedBytes <= PooledCapacityBytes ? Take(affinity) : TakeDedicated(lengthBytes, wantedBytes);
        try
        {
            if (ReferenceEquals(slot.Image, image))
                slot.Counters.AffinityHits++;
            slot.Prepare(image, lengthBytes);
            if (shape.IsShared && slot.IsNarrowed)
                slot.AllowWrites(0, lengthBytes);
            slot.Affinity = affinity;
            return slot;
        }
        catch
        {
            slot.Dispose();
            PutBack(slot);
            throw;
        }
    }

    /// <summary>Resets a slot whose user may have written [<paramref name="from"/>, <paramref name="until"/>) and nothing else.</summary>
    private bool TryReset(MemorySlot slot, ulong lengthBytes, ulong from, ulong until)
    {
        try
        {
            bool full = Volatile.Read(ref _residentBytes) > _options.ResidentBytesTotal;
            if (full || !slot.TryRestore(from, until))
                slot.Reset(lengthBytes, full ? 0 : _options.ResidentBytesPerSlot);
            slot.Counters.Resets++;
            CountResident(slot);
            return true;
        }
        catch (ResourceLimitException)
        {
            // The system refused a step. The slot may hold what its user wrote: the caller retires it.
            return false;
        }
    }

    private void CountResident(MemorySlot slot)
    {
        long residentBytes = slot.IsReleased ? 0 : slot.ResidentBytes;
        if (residentBytes == slot.CountedResidentBytes)
            return;     // in the steady state a slot keeps the same pages
        Interlocked.Add(ref _residentBytes, residentBytes - slot.CountedResidentBytes);
        slot.CountedResidentBytes = residentBytes;
    }
}
