using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Float arithmetic with WebAssembly's rules for NaN and signed zero.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/numerics.html#floating-point-operations">Spec: floating-point operations</see></remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Neg(float value) => -value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Neg(double value) => -value;

    // RyuJIT folds a reinterpreted constant to a float constant, which it keeps as a double: a signalling NaN then comes out quiet. It does not look through the move
    // from an integer register to a vector register, which is what this is anyway. Code that must not see through a float constant uses it for that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32ReinterpretI32(int bits) => Sse2.IsSupported
        ? Sse2.ConvertScalarToVector128Int32(bits).AsSingle().ToScalar()
        : BitConverter.Int32BitsToSingle(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64ReinterpretI64(long bits) => Sse2.X64.IsSupported
        ? Sse2.X64.ConvertScalarToVector128Int64(bits).AsDouble().ToScalar()
        : BitConverter.Int64BitsToDouble(bits);

    // RyuJIT drops a conversion that follows its opposite, and with it the quietening of a signalling NaN; it does not look into this form of the same instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32DemoteF64(double value) => Sse2.IsSupported
        ? Sse2.ConvertScalarToVector128Single(Vector128<float>.Zero, Vector128.CreateScalarUnsafe(value)).ToScalar()
        : (float)value;

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
