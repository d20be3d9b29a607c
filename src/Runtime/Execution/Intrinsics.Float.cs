using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution;

/// <content>Float arithmetic with WebAssembly's rules for NaN and signed zero.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/numerics.html#floating-point-operations">Spec: floating-point operations</see></remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Neg(float value) => -value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Neg(double value) => -value;

    // A NaN operand makes the result a NaN that is quiet, which the addition sees to; the class library would hand a signalling one through.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Min(float left, float right)
    {
        if (left != right)
        {
            return left < right ? left : right < left ? right : left + right;
        }

        // Equal: only the sign of zero can differ, and the minimum has it when either operand does.
        return BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(left) | BitConverter.SingleToInt32Bits(right));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Max(float left, float right)
    {
        if (left != right)
        {
            return left > right ? left : right > left ? right : left + right;
        }

        return BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(left) & BitConverter.SingleToInt32Bits(right));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Min(double left, double right)
    {
        if (left != right)
        {
            return left < right ? left : right < left ? right : left + right;
        }

        return BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(left) | BitConverter.DoubleToInt64Bits(right));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Max(double left, double right)
    {
        if (left != right)
        {
            return left > right ? left : right > left ? right : left + right;
        }

        return BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(left) & BitConverter.DoubleToInt64Bits(right));
    }
}
