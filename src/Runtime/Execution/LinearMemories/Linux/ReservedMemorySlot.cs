using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Faults;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <summary>A slot in reserved address space: grown by changing protection, its image mapped copy-on-write, reset page by page.</summary>
internal sealed unsafe partial class ReservedMemorySlot : MemorySlot
{
    /// <summary>What a pooled slot reserves where 8 GiB and a guard cannot be had: all that a 32-bit memory can become.</summary>
    public const ulong UnguardedSlotBytes = 4UL << 30;

    // Accessible pages beyond the next user's length that are worth keeping for a user that grows again.
    private const ulong SlackBytes = 1 << 20;

    private readonly bool _isGuardedPlace;
    private readonly bool _faultsPastLength;
    private readonly PageTracking _tracking;
    private readonly long _copyThresholdBytes;
    private ulong _accessibleBytes;     // from Base, readable and writable
    private ulong _touchedBytes;        // from Base, what may have pages: at least _accessibleBytes, at most SlackBytes more

    private ReservedMemorySlot(MemoryPool pool, byte* start, ulong capacityBytes, bool isGuarded, bool isPooled, MemoryPoolOptions options)
        : base(pool, capacityBytes, isPooled)
    {
        Base = start;
        HasGuard = isGuarded && options.FaultsPastLength && GuardPages.IsSupported;
        _isGuardedPlace = isGuarded;
        _faultsPastLength = options.FaultsPastLength;
        _tracking = WrittenPages.Resolve(options.PageTracking);
        _copyThresholdBytes = options.CopyThresholdBytes;
        _lockedBytes = HasGuard ? FaultTable.LockedLengthOf((nuint)start) : null;
    }

    private byte* ImageEnd => Image is { } image ? Base + image.StartBytes + image.MappedBytes : Base;

    /// <summary>Reserves a place: guarded when it is pooled and the process has one, else as much of <paramref name="wantedBytes"/> as there is.</summary>
    /// <exception cref="ResourceLimitException">Not even <paramref name="neededBytes"/> can be reserved, or a pool whose memories have guards gets none.</exception>
    public static ReservedMemorySlot Create(MemoryPool pool, ulong neededBytes, ulong wantedBytes, bool isPooled, MemoryPoolOptions options)
    {
        if (isPooled && GuardedAddressSpace.TryTake(out byte* place))
            return new ReservedMemorySlot(pool, place, GuardedAddressSpace.SlotBytes, isGuarded: true, isPooled, options);
        if (isPooled && pool.SupportsGuards)
            throw new ResourceLimitException("The process has no address space left for a memory with a guard, which compiled code relies on.");

        ulong smallestBytes = isPooled ? Math.Min(neededBytes, UnguardedSlotBytes) : neededBytes;
        for (ulong bytes = isPooled ? smallestBytes : wantedBytes; ; bytes = Math.Max(bytes / 2, smallestBytes))
        {
            ulong roundedBytes = RoundUp(bytes);
            if (roundedBytes <= long.MaxValue && Libc.TryReserve(roundedBytes, out byte* start))
                return new ReservedMemorySlot(pool, start, roundedBytes, isGuarded: false, isPooled, options);
            if (bytes == smallestBytes)
                throw Libc.Refused($"reserve {bytes} bytes of address space for a memory");
        }
    }

    public override void Prepare(MemoryImage? image, ulong lengthBytes)
    {
        if (ReferenceEquals(image, Image))
        {
            if (!TrySetAccessible(lengthBytes))
                throw Libc.Refused($"make a memory of {lengthBytes} bytes accessible");
            return;
        }

        if (!TryWiden())
            throw Libc.Refused("make a memory writable");
        image?.Acquire();       // before the old one goes: a disposed image leaves the slot as it was
        if (Image is { MappedBytes: > 0 } previous && !Libc.TryMapFresh(Base + previous.StartBytes, previous.MappedBytes, Libc.ProtReadWrite))
        {
            image?.Release();
            throw Libc.Refused("unmap the image of a memory");
        }

        DropImage();
        ForgetWritten();
        Image = image;
        if (!TrySetAccessible(lengthBytes) || !TryMapImage())
            throw Libc.Refused($"map the image of a memory of {lengthBytes} bytes");
    }

    public override bool TryExtend(ulong lengthBytes)
    {
        ulong neededBytes = RoundUp(lengthBytes);
        return neededBytes <= _accessibleBytes || (TryWiden() && TryMakeAccessible(neededBytes));
    }

    public override void Clear()
    {
        Counters.Discards++;
        ForgetLocks();
        if (_touchedBytes != 0 && !Libc.TryMapFresh(Base, _touchedBytes, Libc.ProtNone))
            throw Libc.Refused("give the pages of a memory back");
        DropImage();
        ForgetWritten();
        _accessibleBytes = 0;
        _touchedBytes = 0;
        ResidentBytes = 0;
    }

    protected override void ReleaseCore()
    {
        ForgetLocks();
        if (_isGuardedPlace)
            GuardedAddressSpace.GiveBack(Base);
        else
            Libc.Unmap(Base, (nuint)CapacityBytes);
        Base = Inaccessible;
    }

    /// <summary>Makes the length of a new user accessible. What a former user had beyond it goes, or stays (as zeros) when it is little.</summary>
    private bool TrySetAccessible(ulong lengthBytes)
    {
        ulong neededBytes = RoundUp(lengthBytes);
        if (neededBytes == _accessibleBytes)
            return true;
        if (!TryWiden())
            return false;
        if (neededBytes > _accessibleBytes)
            return TryMakeAccessible(neededBytes);
        if (_touchedBytes - neededBytes > SlackBytes)
            return TryDropFrom(Base + neededBytes);
        if (!_faultsPastLength)
            return true;
        if (Libc.Protect(Base + neededBytes, (nuint)(_accessibleBytes - neededBytes), Libc.ProtNone) != 0)
            return false;
        _accessibleBytes = neededBytes;
        return true;
    }

    private bool TryMakeAccessible(ulong neededBytes)
    {
        if (Libc.Protect(Base + _accessibleBytes, (nuint)(neededBytes - _accessibleBytes), Libc.ProtReadWrite) != 0)
            return false;
        _accessibleBytes = neededBytes;
        _touchedBytes = Math.Max(_touchedBytes, neededBytes);
        return true;
    }

    /// <summary>Gives everything from <paramref name="start"/>, at or after the image's end, back: pages, page tables and access.</summary>
    private bool TryDropFrom(byte* start)
    {
        ulong keptBytes = (ulong)(start - Base);
        if (keptBytes < _touchedBytes && !Libc.TryMapFresh(start, _touchedBytes - keptBytes, Libc.ProtNone))
            return false;
        Counters.Discards++;
        _touchedBytes = Math.Min(_touchedBytes, keptBytes);
        _accessibleBytes = Math.Min(_accessibleBytes, keptBytes);
        return true;
    }

    private bool TryMapImage()
    {
        if (Image is not { MappedBytes: > 0 } image)
            return true;
        byte* start = Base + image.StartBytes;
        if (image.FileDescriptor < 0)
        {
            Buffer.MemoryCopy(image.Bytes, start, image.MappedBytes, image.MappedBytes);
            return true;
        }

        return Libc.Map(start, (nuint)image.MappedBytes, Libc.ProtReadWrite, Libc.MapPrivate | Libc.MapFixed | Libc.MapNoReserve, image.FileDescriptor, 0) == start;
    }

    private static ulong RoundDown(ulong bytes) => bytes & ~((ulong)Environment.SystemPageSize - 1);

    private static ulong RoundUp(ulong bytes)
    {
        ulong pageMask = (ulong)Environment.SystemPageSize - 1;
        return (bytes + pageMask) & ~pageMask;
    }
}
