using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HostService.Runtime.Execution.Faults;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <summary>The process's address space for memories with guards: few large reservations, cut into places of 8 GiB and a guard.</summary>
/// <remarks>
/// A 32-bit index plus a 32-bit offset plus the widest access is below 8 GiB + 64 KiB, so it cannot leave its place. All places of all pools lie in the
/// ranges made here, so that a fault handler decides with a few comparisons whether a fault is ours. Ranges are never given back; places are reused.
/// Reserving costs no memory: 2 TiB at a time, less where the system (a resource limit, a small address space) refuses.
/// </remarks>
internal static unsafe class GuardedAddressSpace
{
    /// <summary>The bytes of a place that a memory may use.</summary>
    public const ulong SlotBytes = 8UL << 30;

    /// <summary>Ranges at most; a fault handler walks them.</summary>
    public const int MaximumRanges = 32;

    /// <summary>The bytes from one place to the next.</summary>
    public const ulong PlaceBytes = SlotBytes + GuardBytes;

    private const ulong GuardBytes = 64 << 10;
    private const int PlacesPerRange = 256;

    private static readonly Lock s_lock = new();
    private static readonly Stack<nint> s_free = new();                 // guarded by s_lock
    private static int s_rangeCount;                                    // guarded by s_lock
    private static nint s_inaccessible;                                 // guarded by s_lock

    /// <summary>Whether at least one guarded place can be had.</summary>
    public static bool IsAvailable => Availability.IsAvailable;

    /// <summary>A place never handed out: reading or writing it faults. Null where nothing could be reserved.</summary>
    public static byte* Inaccessible => IsAvailable ? (byte*)Volatile.Read(ref s_inaccessible) : null;

    /// <summary>Takes an inaccessible, empty place.</summary>
    public static bool TryTake(out byte* place)
    {
        lock (s_lock)
        {
            if (s_free.Count == 0)
                ReserveRange_NeedsLock();
            bool taken = s_free.TryPop(out nint address);
            place = (byte*)address;
            return taken;
        }
    }

    /// <summary>Empties a place and makes it available again; one that the system will not empty is never used again.</summary>
    public static void GiveBack(byte* place)
    {
        if (!Libc.TryMapFresh(place, PlaceBytes, Libc.ProtNone))
            return;
        lock (s_lock)
            s_free.Push((nint)place);
    }

    private static void ReserveRange_NeedsLock()
    {
        if (s_rangeCount == MaximumRanges)
            return;
        for (int places = PlacesPerRange; places > 0; places /= 8)
        {
            // One place more: it stands before the first and is never used, so that an address below a base faults as well.
            ulong lengthBytes = (ulong)(places + 1) * PlaceBytes;
            if (!Libc.TryReserve(lengthBytes, out byte* start))
                continue;
            var lockedLengths = (ulong*)NativeMemory.AllocZeroed((nuint)(places + 1), sizeof(ulong));
            FaultTable.AddRange((nuint)start, (nuint)(start + lengthBytes), lockedLengths);     // before a memory can be in it
            s_rangeCount++;
            if (s_inaccessible == 0)
                Volatile.Write(ref s_inaccessible, (nint)start);
            for (int i = places; i > 0; i--)
                s_free.Push((nint)(start + ((ulong)i * PlaceBytes)));
            return;
        }
    }

    /// <summary>Tried once, when first asked for.</summary>
    private static class Availability
    {
        public static readonly bool IsAvailable = Probe();

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static bool Probe()
        {
            if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || !TryTake(out byte* place))
                return false;
            lock (s_lock)
                s_free.Push((nint)place);
            return true;
        }
    }
}
