using System.Runtime.InteropServices;
using HostService.Runtime.Execution.LinearMemories.Linux;

namespace HostService.Runtime.Execution.Faults;

/// <summary>What the fault handler reads and writes: the ranges whose faults are ours, and the last such fault of each thread. In native memory, never freed.</summary>
/// <remarks>
/// Ranges are only added. A range is written before the count that makes it visible, and x64 keeps the order of stores.
/// Threads find their fault by a hash of their thread pointer. Two threads may share an entry; then one of the addresses is lost, but never mistaken, because
/// an entry names its thread.
/// </remarks>
internal static unsafe class FaultTable
{
    /// <summary>Ranges at most: those of <see cref="GuardedAddressSpace"/>, and the one that the self-test faults in.</summary>
    public const int MaximumRanges = GuardedAddressSpace.MaximumRanges + 1;

    // The layout that FaultHandlerCode has built in.
    private const int RangesOffset = 16;
    private const int FaultsOffset = 1_024;
    private const int FaultBits = 10;
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
    public static void AddRange(nuint start, nuint end)
    {
        lock (s_lock)
        {
            int count = (int)s_table->RangeCount;
            if (count == MaximumRanges)
                throw new InvalidOperationException($"No more than {MaximumRanges} ranges of addresses can be watched for faults.");
            Range* range = (Range*)((byte*)s_table + RangesOffset) + count;
            range->Start = start;
            range->Length = end - start;
            Volatile.Write(ref s_table->RangeCount, count + 1);
        }
    }

    /// <summary>Takes the address of the calling thread's last fault in a range, so that it is reported once.</summary>
    public static bool TryTake(out nuint address)
    {
        nuint thread = Libc.ThreadPointer();
        Fault* fault = (Fault*)((byte*)s_table + FaultsOffset) + (int)((thread * HashFactor) >> (64 - FaultBits));
        bool isOurs = fault->Thread == thread;
        address = isOurs ? fault->Address : 0;
        if (isOurs)
            fault->Thread = 0;
        return isOurs;
    }

    private static Header* Allocate() => (Header*)NativeMemory.AllocZeroed(FaultsOffset + ((1 << FaultBits) * (nuint)sizeof(Fault)));

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public nint PreviousHandler;
        public long RangeCount;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public nuint Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Fault
    {
        public nuint Thread;
        public nuint Address;
    }
}
