using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Atomic loads, stores and compare-exchanges. Addresses are native, inside the memory, and checked to be aligned.</content>
/// <remarks>
/// All are sequentially consistent: on x64 a load is a plain one that the compiler may not move, and a store is an exchange.
/// <see href="https://webassembly.github.io/threads/core/exec/instructions.html#atomic-memory-instructions">Spec: atomic memory instructions</see>
/// </remarks>
internal static unsafe partial class Intrinsics
{
    /// <summary>The check that all atomic accesses wider than a byte make.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Aligned(byte* address, int mask, int offset) =>
        ((nint)address & mask) == 0 ? address : throw Traps.Trap(TrapCode.UnalignedAtomic, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AtomicFence() => Interlocked.MemoryBarrier();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicLoad(byte* address) => Volatile.Read(ref *(int*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicLoad8U(byte* address) => Volatile.Read(ref *address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicLoad16U(byte* address) => Volatile.Read(ref *(ushort*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicLoad(byte* address) => Volatile.Read(ref *(long*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicLoad8U(byte* address) => Volatile.Read(ref *address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicLoad16U(byte* address) => Volatile.Read(ref *(ushort*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicLoad32U(byte* address) => Volatile.Read(ref *(uint*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void I32AtomicStore(byte* address, int value) => Interlocked.Exchange(ref *(int*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void I32AtomicStore8(byte* address, int value) => Interlocked.Exchange(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void I32AtomicStore16(byte* address, int value) => Interlocked.Exchange(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void I64AtomicStore(byte* address, long value) => Interlocked.Exchange(ref *(long*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void I64AtomicStore8(byte* address, long value) => Interlocked.Exchange(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void I64AtomicStore16(byte* address, long value) => Interlocked.Exchange(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void I64AtomicStore32(byte* address, long value) => Interlocked.Exchange(ref *(uint*)address, (uint)value);

    // What is expected is wrapped to the width of the cell, like what replaces it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmwCmpxchg(byte* address, int expected, int replacement) => (int)CompareExchange32(address, (uint)expected, (uint)replacement);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw8CmpxchgU(byte* address, int expected, int replacement) =>
        Interlocked.CompareExchange(ref *address, (byte)replacement, (byte)expected);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw16CmpxchgU(byte* address, int expected, int replacement) =>
        Interlocked.CompareExchange(ref *(ushort*)address, (ushort)replacement, (ushort)expected);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmwCmpxchg(byte* address, long expected, long replacement) =>
        Interlocked.CompareExchange(ref *(long*)address, replacement, expected);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw8CmpxchgU(byte* address, long expected, long replacement) =>
        Interlocked.CompareExchange(ref *address, (byte)replacement, (byte)expected);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw16CmpxchgU(byte* address, long expected, long replacement) =>
        Interlocked.CompareExchange(ref *(ushort*)address, (ushort)replacement, (ushort)expected);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw32CmpxchgU(byte* address, long expected, long replacement) => (long)CompareExchange32(address, (uint)expected, (uint)replacement);

    // Where the cell holds what is expected, CMPXCHG leaves RAX as it was, which RyuJIT takes for zero in its upper half: extended to 64 bits the result would have whatever stood in front of what is expected. So that half is shifted out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong CompareExchange32(byte* address, uint expected, uint replacement) =>
        (ulong)Interlocked.CompareExchange(ref *(uint*)address, replacement, expected) << 32 >> 32;
}
