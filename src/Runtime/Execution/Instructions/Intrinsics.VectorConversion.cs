using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Vectors: conversions between integers and floats.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/numerics.html#vector-operations">Spec: vector operations</see></remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4DemoteF64X2Zero(V128 value) => Sse2.IsSupported
        ? Sse2.ConvertToVector128Single(value.AsDouble()).AsByte()
        : Vector128.Narrow(value.AsDouble(), Vector128<double>.Zero).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2PromoteLowF32X4(V128 value) => Sse2.IsSupported
        ? Sse2.ConvertToVector128Double(value.AsSingle()).AsByte()
        : Vector128.WidenLower(value.AsSingle()).AsByte();

    // The class library's conversions saturate and make NaN zero, as WebAssembly's do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4TruncSatF32X4S(V128 value) => Vector128.ConvertToInt32(value.AsSingle()).AsByte();

    // AVX-512 and other architectures have an instruction for it; for older x64 the class library would convert lane by lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4TruncSatF32X4U(V128 value)
    {
        if (!Sse41.IsSupported || Avx512F.VL.IsSupported)
        {
            return Vector128.ConvertToUInt32(value.AsSingle()).AsByte();
        }

        // Larger gives its second operand, zero, for NaN. What lies beyond an int becomes the indefinite integer, 2^31, to which the rest is added: nothing for smaller numbers, whose rest is
        // negative, and at most 2^31 - 1, which is the inverse of the indefinite integer that a rest beyond an int becomes.
        var number = Larger(value.AsSingle(), Vector128<float>.Zero);
        var rest = number - Vector128.Create(TwoTo31);
        var isBeyond = Vector128.GreaterThanOrEqual(rest, Vector128.Create(TwoTo31)).AsInt32();
        var restInteger = Sse41.Max(Sse2.ConvertToVector128Int32WithTruncation(rest) ^ isBeyond, Vector128<int>.Zero);
        return (Sse2.ConvertToVector128Int32WithTruncation(number) + restInteger).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4ConvertI32X4S(V128 value) => Vector128.ConvertToSingle(value.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4ConvertI32X4U(V128 value) => Vector128.ConvertToSingle(value.AsUInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4TruncSatF64X2SZero(V128 value)
    {
        // NaN becomes zero; what is too small becomes the indefinite integer, which is the smallest.
        var number = value.AsDouble() & Vector128.Equals(value.AsDouble(), value.AsDouble());
        var bounded = Smaller(number, Vector128.Create((double)int.MaxValue));
        return Sse2.IsSupported
            ? Sse2.ConvertToVector128Int32WithTruncation(bounded).AsByte()
            : Vector128.Create((int)bounded.GetElement(0), (int)bounded.GetElement(1), 0, 0).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4TruncSatF64X2UZero(V128 value)
    {
        // Adding 2^52 leaves a whole number below it in the low bits of the mantissa. Larger gives its second operand, zero, for NaN.
        var bounded = Smaller(Larger(value.AsDouble(), Vector128<double>.Zero), Vector128.Create((double)uint.MaxValue));
        var integers = (Vector128.Truncate(bounded) + Vector128.Create(TwoTo52)).AsUInt32();
        return Vector128.Shuffle(integers, Vector128.Create(0u, 2, 4, 4)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2ConvertLowI32X4S(V128 value) => Sse2.IsSupported
        ? Sse2.ConvertToVector128Double(value.AsInt32()).AsByte()
        : Vector128.ConvertToDouble(Vector128.WidenLower(value.AsInt32())).AsByte();

    // A 32-bit number in the low bits of 2^52's mantissa, less 2^52, is that number exactly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2ConvertLowI32X4U(V128 value)
    {
        var exponent = Vector128.Create(TwoTo52).AsUInt64();
        return ((Vector128.WidenLower(value.AsUInt32()) | exponent).AsDouble() - Vector128.Create(TwoTo52)).AsByte();
    }

    private const float TwoTo31 = 2147483648;
    private const double TwoTo52 = 4503599627370496;
}
