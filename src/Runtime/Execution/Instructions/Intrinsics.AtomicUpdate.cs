using System.Numerics;
using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Atomic read-modify-writes: each gives what was there before.</content>
internal static unsafe partial class Intrinsics
{
    private interface IUpdate
    {
        static abstract T Apply<T>(T current, T value)
            where T : IBinaryInteger<T>;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmwAdd(byte* address, int value) => Interlocked.Add(ref *(int*)address, value) - value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw8AddU(byte* address, int value) => Update<byte, AddUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw16AddU(byte* address, int value) =>
        Update<ushort, AddUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmwAdd(byte* address, long value) => Interlocked.Add(ref *(long*)address, value) - value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw8AddU(byte* address, long value) => Update<byte, AddUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw16AddU(byte* address, long value) =>
        Update<ushort, AddUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw32AddU(byte* address, long value) => (uint)I32AtomicRmwAdd(address, (int)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmwSub(byte* address, int value) => Interlocked.Add(ref *(int*)address, -value) + value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw8SubU(byte* address, int value) => Update<byte, SubUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw16SubU(byte* address, int value) =>
        Update<ushort, SubUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmwSub(byte* address, long value) => Interlocked.Add(ref *(long*)address, -value) + value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw8SubU(byte* address, long value) => Update<byte, SubUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw16SubU(byte* address, long value) =>
        Update<ushort, SubUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw32SubU(byte* address, long value) => (uint)I32AtomicRmwSub(address, (int)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmwAnd(byte* address, int value) => Interlocked.And(ref *(int*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw8AndU(byte* address, int value) => Update<byte, AndUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw16AndU(byte* address, int value) =>
        Update<ushort, AndUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmwAnd(byte* address, long value) => Interlocked.And(ref *(long*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw8AndU(byte* address, long value) => Update<byte, AndUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw16AndU(byte* address, long value) =>
        Update<ushort, AndUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw32AndU(byte* address, long value) => Interlocked.And(ref *(uint*)address, (uint)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmwOr(byte* address, int value) => Interlocked.Or(ref *(int*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw8OrU(byte* address, int value) => Update<byte, OrUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw16OrU(byte* address, int value) => Update<ushort, OrUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmwOr(byte* address, long value) => Interlocked.Or(ref *(long*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw8OrU(byte* address, long value) => Update<byte, OrUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw16OrU(byte* address, long value) =>
        Update<ushort, OrUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw32OrU(byte* address, long value) => Interlocked.Or(ref *(uint*)address, (uint)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmwXor(byte* address, int value) => Update<int, XorUpdate>(ref *(int*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw8XorU(byte* address, int value) => Update<byte, XorUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw16XorU(byte* address, int value) =>
        Update<ushort, XorUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmwXor(byte* address, long value) => Update<long, XorUpdate>(ref *(long*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw8XorU(byte* address, long value) => Update<byte, XorUpdate>(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw16XorU(byte* address, long value) =>
        Update<ushort, XorUpdate>(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw32XorU(byte* address, long value) => Update<uint, XorUpdate>(ref *(uint*)address, (uint)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmwXchg(byte* address, int value) => Interlocked.Exchange(ref *(int*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw8XchgU(byte* address, int value) => Interlocked.Exchange(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32AtomicRmw16XchgU(byte* address, int value) => Interlocked.Exchange(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmwXchg(byte* address, long value) => Interlocked.Exchange(ref *(long*)address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw8XchgU(byte* address, long value) => Interlocked.Exchange(ref *address, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw16XchgU(byte* address, long value) => Interlocked.Exchange(ref *(ushort*)address, (ushort)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64AtomicRmw32XchgU(byte* address, long value) => Interlocked.Exchange(ref *(uint*)address, (uint)value);

    // What x64 has no instruction for that gives the value before.
    private static T Update<T, TUpdate>(ref T cell, T value)
        where T : unmanaged, IBinaryInteger<T>
        where TUpdate : struct, IUpdate
    {
        var current = cell;
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref cell, TUpdate.Apply(current, value), current);
            if (seen == current)
            {
                return current;
            }

            current = seen;
        }
    }

    private readonly struct AddUpdate : IUpdate
    {
        public static T Apply<T>(T current, T value)
            where T : IBinaryInteger<T> => unchecked(current + value);
    }

    private readonly struct SubUpdate : IUpdate
    {
        public static T Apply<T>(T current, T value)
            where T : IBinaryInteger<T> => unchecked(current - value);
    }

    private readonly struct AndUpdate : IUpdate
    {
        public static T Apply<T>(T current, T value)
            where T : IBinaryInteger<T> => unchecked(current & value);
    }

    private readonly struct OrUpdate : IUpdate
    {
        public static T Apply<T>(T current, T value)
            where T : IBinaryInteger<T> => unchecked(current | value);
    }

    private readonly struct XorUpdate : IUpdate
    {
        public static T Apply<T>(T current, T value)
            where T : IBinaryInteger<T> => unchecked(current ^ value);
    }
}
