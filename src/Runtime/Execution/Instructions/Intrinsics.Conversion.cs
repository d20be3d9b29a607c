using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Conversions between floats and integers.</content>
/// <remarks>
/// Each bound is the float next to the first value that does not fit: 2^31 and 2^63 are floats themselves, −2^31 − 1 is a double but no float, so the bound below
/// is exclusive where the type can tell it apart and inclusive where it can't. Once the value is known to fit, the processor's conversion is exact.
/// <see href="https://webassembly.github.io/spec/core/exec/numerics.html#op-trunc-s">Spec: trunc</see>
/// </remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncF32S(float value, int offset) =>
        value is >= -2147483648f and < 2147483648f ? float.ConvertToIntegerNative<int>(value) : throw DoesNotFit(value, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncF32U(float value, int offset) =>
        value is > -1f and < 4294967296f ? (int)float.ConvertToIntegerNative<long>(value) : throw DoesNotFit(value, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncF64S(double value, int offset) =>
        value is > -2147483649d and < 2147483648d ? double.ConvertToIntegerNative<int>(value) : throw DoesNotFit(value, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncF64U(double value, int offset) =>
        value is > -1d and < 4294967296d ? (int)double.ConvertToIntegerNative<long>(value) : throw DoesNotFit(value, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncF32S(float value, int offset) =>
        value is >= -9223372036854775808f and < 9223372036854775808f ? float.ConvertToIntegerNative<long>(value) : throw DoesNotFit(value, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncF32U(float value, int offset) =>
        value is > -1f and < 18446744073709551616f ? (long)(ulong)value : throw DoesNotFit(value, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncF64S(double value, int offset) =>
        value is >= -9223372036854775808d and < 9223372036854775808d ? double.ConvertToIntegerNative<long>(value) : throw DoesNotFit(value, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncF64U(double value, int offset) =>
        value is > -1d and < 18446744073709551616d ? (long)(ulong)value : throw DoesNotFit(value, offset);

    // C# conversions from float to integer saturate and take NaN to 0 since .NET 9: exactly the specification's trunc_sat. The processor's conversion gives the smallest integer for
    // all that does not fit, so whatever else it gives is right, and the six instructions that saturate are jumped over.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncSatF32S(float value)
    {
        if (!Sse.IsSupported)
        {
            return (int)value;
        }

        var truncated = Sse.ConvertToInt32WithTruncation(Vector128.CreateScalarUnsafe(value));
        return truncated != int.MinValue ? truncated : (int)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncSatF32U(float value) => (int)(uint)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncSatF64S(double value)
    {
        if (!Sse2.IsSupported)
        {
            return (int)value;
        }

        var truncated = Sse2.ConvertToInt32WithTruncation(Vector128.CreateScalarUnsafe(value));
        return truncated != int.MinValue ? truncated : (int)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncSatF64U(double value) => (int)(uint)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncSatF32S(float value)
    {
        if (!Sse.X64.IsSupported)
        {
            return (long)value;
        }

        var truncated = Sse.X64.ConvertToInt64WithTruncation(Vector128.CreateScalarUnsafe(value));
        return truncated != long.MinValue ? truncated : (long)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncSatF32U(float value) => (long)(ulong)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncSatF64S(double value)
    {
        if (!Sse2.X64.IsSupported)
        {
            return (long)value;
        }

        var truncated = Sse2.X64.ConvertToInt64WithTruncation(Vector128.CreateScalarUnsafe(value));
        return truncated != long.MinValue ? truncated : (long)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncSatF64U(double value) => (long)(ulong)value;

    // Halving a value beyond long's range keeps the lost bit as a sticky one, so that there is one rounding, not two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32ConvertI64U(long value) =>
        value >= 0 ? value : 2f * (long)(((ulong)value >> 1) | ((ulong)value & 1));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TrapException DoesNotFit(double value, int offset) =>
        Traps.Trap(double.IsNaN(value) ? TrapCode.InvalidConversionToInteger : TrapCode.IntegerOverflow, offset);
}
