using System.Numerics;
using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Execution.Instructions;

/// <summary>Instructions with a rule in them, as static methods that emitted code calls. Names are those of <c>Op</c>.</summary>
/// <remarks>
/// The last parameter of a method that can trap is the instruction's offset in the binary. Small methods are marked for inlining because each is one or two machine
/// instructions; RyuJIT inlines them across the border of the collectible assembly.
/// </remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Clz(long value) => BitOperations.LeadingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Ctz(long value) => BitOperations.TrailingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Popcnt(long value) => BitOperations.PopCount((ulong)value);

    // RyuJIT tests rotations wrongly; whoever emits code that compares one must know (see the compiler's Rotations).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32Rotl(int value, int count) => (int)BitOperations.RotateLeft((uint)value, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32Rotr(int value, int count) => (int)BitOperations.RotateRight((uint)value, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Rotl(long value, long count) => (long)BitOperations.RotateLeft((ulong)value, (int)count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Rotr(long value, long count) => (long)BitOperations.RotateRight((ulong)value, (int)count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32DivS(int left, int right, int offset)
    {
        if (right == 0)
        {
            throw Traps.Trap(TrapCode.IntegerDivideByZero, offset);
        }

        if (right == -1 && left == int.MinValue)
        {
            throw Traps.Trap(TrapCode.IntegerOverflow, offset);
        }

        return left / right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32DivU(int left, int right, int offset) =>
        right == 0 ? throw Traps.Trap(TrapCode.IntegerDivideByZero, offset) : (int)((uint)left / (uint)right);

    // The remainder of MIN by −1 is 0, but the processor's division would fault on it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32RemS(int left, int right, int offset)
    {
        if (right == 0)
        {
            throw Traps.Trap(TrapCode.IntegerDivideByZero, offset);
        }

        return right == -1 ? 0 : left % right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32RemU(int left, int right, int offset) =>
        right == 0 ? throw Traps.Trap(TrapCode.IntegerDivideByZero, offset) : (int)((uint)left % (uint)right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64DivS(long left, long right, int offset)
    {
        if (right == 0)
        {
            throw Traps.Trap(TrapCode.IntegerDivideByZero, offset);
        }

        if (right == -1 && left == long.MinValue)
        {
            throw Traps.Trap(TrapCode.IntegerOverflow, offset);
        }

        return left / right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64DivU(long left, long right, int offset) =>
        right == 0 ? throw Traps.Trap(TrapCode.IntegerDivideByZero, offset) : (long)((ulong)left / (ulong)right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64RemS(long left, long right, int offset)
    {
        if (right == 0)
        {
            throw Traps.Trap(TrapCode.IntegerDivideByZero, offset);
        }

        return right == -1 ? 0 : left % right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64RemU(long left, long right, int offset) =>
        right == 0 ? throw Traps.Trap(TrapCode.IntegerDivideByZero, offset) : (long)((ulong)left % (ulong)right);
}
