using System.Runtime.InteropServices;
using HostService.Runtime.Execution.LinearMemories.Linux;

namespace HostService.Runtime.Execution.Faults;

/// <summary>What the fault handler reads and writes: the ranges whose faults are ours, and the last such fault of each thread. In native memory, never freed.</summary>
/// <remarks>
/// Ranges are only added. A range is written before the end that makes it visible, and x64 keeps the order of stores.
/// A thread's fault is in one of the <see cref="Window"/> entries that begin at a hash of its thread pointer: entries name their thread, are claimed with a compare-and-exchange, and are free again once their fault was taken, which is when the
/// exception is caught. An address would be lost only if all entries of a window were some other thread's at that moment.
/// </remarks>
internal static unsafe class FaultTable
{
    /// <summary>Ranges at most: those of <see cref="GuardedAddressSpace"/>, and the one that the self-test faults in.</summary>
    public const int MaximumRanges = GuardedAddressSpace.MaximumRanges + 1;

    // The layout that FaultHandlerCode has built in.
    private const int RangesOffset = 16;
    private const int FaultsOffset = 1_024;
    private const int FaultBits = 10;
    private const int Window = 16;
    private const ulong HashFactor = 0x9E37_79B9_7F4A_7C15;

    private static readonly Lock s_lock = new();
    private static readonly Header* s_table = Allocate();

    /// <summary>The table's address, for the handler.</summary>
    public static void* Address => s_table;

    /// <summary>Where the handler jumps when it is done.</summary>
    public static nint PreviousHandler
    {
        get => s_table->PreviousHandler;
        set => Volatile.Write(ref s_table->PreviousHandler, value);
    }

    /// <summary>Makes faults from <paramref name="start"/> up to <paramref name="end"/> ours, for good.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="end">The address behind the last.</param>
    /// <param name="lockedLengths">
    /// For each place of <see cref="GuardedAddressSpace.PlaceBytes"/> in the range, how many bytes from its start can be read but not all be written: the handler
    /// makes them writable at the first write that the system refuses, and sets this to 0. In native memory, never freed. Null where nothing is ever locked.
    /// </param>
    public static void AddRange(nuint start, nuint end, ulong* lockedLengths = null)
    {
        lock (s_lock)
        {
            Range* range = s_table->RangesEnd;
            if (range - FirstRange(s_table) == MaximumRanges)
                throw new InvalidOperationException($"No more than {MaximumRanges} ranges of addresses can be watched for faults.");
            range->Start = start;
            range->Length = end - start;
            range->LockedLengths = lockedLengths;
            Volatile.Write(ref *(nint*)&s_table->RangesEnd, (nint)(range + 1));
        }
    }

    /// <summary>Where the handler looks for the locked length of the place at <paramref name="start"/>; null when it is in no range with places.</summary>
    public static ulong* LockedLengthOf(nuint start)
    {
        lock (s_lock)
        {
            for (Range* range = FirstRange(s_table); range != s_table->RangesEnd; range++)
            {
                if (start - range->Start < range->Length)
                    return range->LockedLengths is null ? null : range->LockedLengths + ((ulong)(start - range->Start) / GuardedAddressSpace.PlaceBytes);
            }
        }

        return null;
    }

    /// <summary>Takes the address of the calling thread's last fault in a range, so that it is reported once.</summary>
    public static bool TryTake(out nuint address)
    {
        nuint thread = Libc.ThreadPointer();
        Fault* first = (Fault*)((byte*)s_table + FaultsOffset) + (int)((thread * HashFactor) >> (64 - FaultBits));
        for (Fault* fault = first; fault < first + Window; fault++)
        {
            if (fault->Thread == thread)
            {
                address = fault->Address;
                Volatile.Write(ref fault->Thread, 0);
                return true;
            }
        }

        address = 0;
        return false;
    }

    private static Range* FirstRange(Header* table) => (Range*)((byte*)table + RangesOffset);

    private static Header* Allocate()
    {
        // The last windows reach beyond the entries that the hash names.
        var table = (Header*)NativeMemory.AllocZeroed(FaultsOffset + (((1 << FaultBits) + Window - 1) * (nuint)sizeof(Fault)));
        table->RangesEnd = FirstRange(table);
        return table;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public nint PreviousHandler;
        public Range* RangesEnd;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public nuint Start;
        public nuint Length;
        public ulong* LockedLengths;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Fault
    {
        public nuint Thread;
        public nuint Address;
    }
}
