using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Vectors: instructions whose result may differ between machines; each is the one machine instruction where there is one.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/appendix/profiles.html#deterministic-profile">Spec: relaxed operations</see></remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16RelaxedSwizzle(V128 vector, V128 indices) => Ssse3.IsSupported ? Ssse3.Shuffle(vector, indices) : Vector128.Shuffle(vector, indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4RelaxedTruncF32X4S(V128 value) => Sse2.IsSupported
        ? Sse2.ConvertToVector128Int32WithTruncation(value.AsSingle()).AsByte()
        : I32X4TruncSatF32X4S(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4RelaxedTruncF32X4U(V128 value) => I32X4TruncSatF32X4U(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4RelaxedTruncF64X2SZero(V128 value) => Sse2.IsSupported
        ? Sse2.ConvertToVector128Int32WithTruncation(value.AsDouble()).AsByte()
        : I32X4TruncSatF64X2SZero(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4RelaxedTruncF64X2UZero(V128 value) => I32X4TruncSatF64X2UZero(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4RelaxedMadd(V128 left, V128 right, V128 addend) => Fma.IsSupported
        ? Fma.MultiplyAdd(left.AsSingle(), right.AsSingle(), addend.AsSingle()).AsByte()
        : ((left.AsSingle() * right.AsSingle()) + addend.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4RelaxedNmadd(V128 left, V128 right, V128 addend) => Fma.IsSupported
        ? Fma.MultiplyAddNegated(left.AsSingle(), right.AsSingle(), addend.AsSingle()).AsByte()
        : (addend.AsSingle() - (left.AsSingle() * right.AsSingle())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2RelaxedMadd(V128 left, V128 right, V128 addend) => Fma.IsSupported
        ? Fma.MultiplyAdd(left.AsDouble(), right.AsDouble(), addend.AsDouble()).AsByte()
        : ((left.AsDouble() * right.AsDouble()) + addend.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2RelaxedNmadd(V128 left, V128 right, V128 addend) => Fma.IsSupported
        ? Fma.MultiplyAddNegated(left.AsDouble(), right.AsDouble(), addend.AsDouble()).AsByte()
        : (addend.AsDouble() - (left.AsDouble() * right.AsDouble())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16RelaxedLaneselect(V128 left, V128 right, V128 mask) => V128Bitselect(left, right, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8RelaxedLaneselect(V128 left, V128 right, V128 mask) => V128Bitselect(left, right, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4RelaxedLaneselect(V128 left, V128 right, V128 mask) => V128Bitselect(left, right, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2RelaxedLaneselect(V128 left, V128 right, V128 mask) => V128Bitselect(left, right, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4RelaxedMin(V128 left, V128 right) => Smaller(left.AsSingle(), right.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4RelaxedMax(V128 left, V128 right) => Larger(left.AsSingle(), right.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2RelaxedMin(V128 left, V128 right) => Smaller(left.AsDouble(), right.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2RelaxedMax(V128 left, V128 right) => Larger(left.AsDouble(), right.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8RelaxedQ15MulrS(V128 left, V128 right) => Ssse3.IsSupported
        ? Ssse3.MultiplyHighRoundScale(left.AsInt16(), right.AsInt16()).AsByte()
        : I16X8Q15MulrSatS(left, right);

    // The second operand has seven bits; when it has more, PMADDUBSW takes it as unsigned, which is one of the results allowed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8RelaxedDotI8X16I7X16S(V128 left, V128 right) => Ssse3.IsSupported
        ? Ssse3.MultiplyAddAdjacent(right, left.AsSByte()).AsByte()
        : ((((left.AsInt16() << 8) >> 8) * ((right.AsInt16() << 8) >> 8)) + ((left.AsInt16() >> 8) * (right.AsInt16() >> 8))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4RelaxedDotI8X16I7X16AddS(V128 left, V128 right, V128 addend) =>
        (I32X4ExtaddPairwiseI16X8S(I16X8RelaxedDotI8X16I7X16S(left, right)).AsInt32() + addend.AsInt32()).AsByte();
}
