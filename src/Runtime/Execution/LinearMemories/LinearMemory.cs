using System.Diagnostics;

namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>One memory instance: a length, and a base that stays where it is until the memory goes back to its <see cref="MemoryPool"/>.</summary>
/// <remarks>
/// Made anew for each user of a slot, so that a handle kept beyond <see cref="MemoryPool.Return"/> finds length 0 and an inaccessible base, never the
/// slot's next user. Not safe for two threads at once, but for one that is shared.
/// <see href="https://webassembly.github.io/spec/core/exec/runtime.html#memory-instances">Spec: memory instances</see>
/// </remarks>
internal sealed unsafe partial class LinearMemory
{
    /// <summary>The address of byte 0. Read by emitted code; never changes while the memory lives.</summary>
    public byte* Base;

    /// <summary>The current length in bytes. Read by emitted code; changes in <see cref="Grow"/> only.</summary>
    public ulong LengthBytes;

    private readonly IMemoryLimiter? _limiter;
    private readonly ulong _limitPages;     // the declared maximum, or what the address type and the page size allow
    private readonly byte _pageSizeLog2;
    private readonly bool _hasMaximum;
    private MemorySlot? _slot;              // null once returned

    internal LinearMemory(MemorySlot slot, MemoryShape shape, ulong lengthBytes, IMemoryLimiter? limiter)
    {
        Base = slot.Base;
        LengthBytes = lengthBytes;
        Is64 = shape.Is64;
        HasGuard = slot.HasGuard && !shape.Is64 && shape.PageBytes >= (ulong)Environment.SystemPageSize;
        _slot = slot;
        _limiter = shape.IsShared ? null : limiter;
        Waiters = shape.IsShared ? new WaitQueue() : null;
        _limitPages = shape.LimitPages;
        _hasMaximum = shape.MaximumPages is not null;
        _pageSizeLog2 = (byte)shape.PageSizeLog2;
    }

    /// <summary>Whether addresses are <c>i64</c>.</summary>
    public bool Is64 { get; }

    /// <summary>Whether any 32-bit index plus any 32-bit offset stays inside this memory's own reservation, and everything past its length faults in
    /// a way that becomes an exception (<see cref="Faults.GuardPages"/>).</summary>
    /// <remarks>Code without bounds checks may only run on such a memory. It faults at byte granularity because its length is a multiple of the system's page.</remarks>
    public bool HasGuard { get; }

    /// <summary>Whether it went back to its pool: whoever still holds it finds no bytes in it.</summary>
    public bool IsReturned => Volatile.Read(ref _slot) is null;

    /// <summary>The base-2 logarithm of the page size: 16, or 0 with custom page sizes.</summary>
    public int PageSizeLog2 => _pageSizeLog2;

    /// <summary>The size of one page of this memory in bytes.</summary>
    public ulong PageBytes => 1UL << _pageSizeLog2;

    /// <summary>The current length in pages of <see cref="PageBytes"/>.</summary>
    public ulong LengthPages => LengthBytes >> _pageSizeLog2;

    /// <summary>The declared maximum in pages, or null when the type declares none.</summary>
    public ulong? MaximumPages => _hasMaximum ? _limitPages : null;

    /// <summary>Where the first of the writable views begins that the host took; they are due to be reset even if no guest code ran.</summary>
    internal ulong HostWroteFrom { get; private set; } = ulong.MaxValue;

    /// <summary>Where the last of those views ends; 0 when it took none.</summary>
    internal ulong HostWroteUntil { get; private set; }

    /// <summary>Grows this memory by <paramref name="deltaPages"/> pages of <see cref="PageBytes"/>; the new bytes are zero.</summary>
    /// <param name="deltaPages">How many.</param>
    /// <param name="asking">Whom a shared memory asks, since it belongs to no one; any other asks the limiter it was rented with.</param>
    /// <returns>The previous length in pages, or −1 if the maximum, the limiter or the address space forbids it; the memory is then unchanged.</returns>
    /// <remarks><see href="https://webassembly.github.io/spec/core/exec/modules.html#grow-mem">Spec: growing memories</see></remarks>
    public long Grow(ulong deltaPages, IMemoryLimiter? asking = null)
    {
        if (Waiters is null)
            return GrowCore(deltaPages, _limiter);

        lock (Waiters)
        {
            return GrowCore(deltaPages, asking);
        }
    }

    private long GrowCore(ulong deltaPages, IMemoryLimiter? limiter)
    {
        MemorySlot slot = SlotOrThrow();
        ulong previousPages = LengthPages;
        if (deltaPages == 0)
            return (long)previousPages;
        if (deltaPages > _limitPages - previousPages)
            return -1;

        UInt128 desired = (UInt128)(previousPages + deltaPages) << _pageSizeLog2;
        if (desired > slot.CapacityBytes)
            return -1;
        ulong desiredBytes = (ulong)desired;
        ulong? maximumBytes = _hasMaximum ? MemoryShape.SaturatingBytes(_limitPages, _pageSizeLog2) : null;
        if (limiter is not null && !limiter.TryGrow(LengthBytes, desiredBytes, maximumBytes))
            return -1;
        if (!slot.TryExtend(desiredBytes))
        {
            limiter?.GrowFailed(LengthBytes, desiredBytes);
            return -1;
        }

        // Whoever sees the new length finds the new bytes there.
        Volatile.Write(ref LengthBytes, desiredBytes);
        return (long)previousPages;
    }

    /// <summary>Takes the slot away: whoever still holds this object reaches nothing from now on.</summary>
    /// <returns>The slot, or null when it was taken before.</returns>
    /// <exception cref="ArgumentException">It is another pool's.</exception>
    internal MemorySlot? Detach(MemoryPool pool)
    {
        if (_slot is { } current && !ReferenceEquals(current.Pool, pool))
            throw new ArgumentException("The memory was rented from another pool.", nameof(pool));
        MemorySlot? slot = Interlocked.Exchange(ref _slot, null);
        if (slot is not null)
        {
            LengthBytes = 0;
            Base = MemorySlot.Inaccessible;
        }

        return slot;
    }

    private MemorySlot SlotOrThrow()
    {
        MemorySlot? slot = _slot;
        ObjectDisposedException.ThrowIf(slot is null, this);
        Debug.Assert(slot.Base == Base, "A slot moved under a live memory.");
        return slot;
    }
}
