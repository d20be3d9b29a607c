using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Vectors: operations whose results are wider or narrower than their operands.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/numerics.html#vector-operations">Spec: vector operations</see></remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtendLowI8X16S(V128 value) => Vector128.WidenLower(value.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtendLowI8X16U(V128 value) => Vector128.WidenLower(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtendHighI8X16S(V128 value) => Vector128.WidenUpper(value.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtendHighI8X16U(V128 value) => Vector128.WidenUpper(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtmulLowI8X16S(V128 left, V128 right) => (Vector128.WidenLower(left.AsSByte()) * Vector128.WidenLower(right.AsSByte())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtmulLowI8X16U(V128 left, V128 right) => (Vector128.WidenLower(left) * Vector128.WidenLower(right)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtmulHighI8X16S(V128 left, V128 right) => (Vector128.WidenUpper(left.AsSByte()) * Vector128.WidenUpper(right.AsSByte())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtmulHighI8X16U(V128 left, V128 right) => (Vector128.WidenUpper(left) * Vector128.WidenUpper(right)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtendLowI16X8S(V128 value) => Vector128.WidenLower(value.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtendLowI16X8U(V128 value) => Vector128.WidenLower(value.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtendHighI16X8S(V128 value) => Vector128.WidenUpper(value.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtendHighI16X8U(V128 value) => Vector128.WidenUpper(value.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtmulLowI16X8S(V128 left, V128 right) => (Vector128.WidenLower(left.AsInt16()) * Vector128.WidenLower(right.AsInt16())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtmulLowI16X8U(V128 left, V128 right) => (Vector128.WidenLower(left.AsUInt16()) * Vector128.WidenLower(right.AsUInt16())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtmulHighI16X8S(V128 left, V128 right) => (Vector128.WidenUpper(left.AsInt16()) * Vector128.WidenUpper(right.AsInt16())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtmulHighI16X8U(V128 left, V128 right) => (Vector128.WidenUpper(left.AsUInt16()) * Vector128.WidenUpper(right.AsUInt16())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ExtendLowI32X4S(V128 value) => Vector128.WidenLower(value.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ExtendLowI32X4U(V128 value) => Vector128.WidenLower(value.AsUInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ExtendHighI32X4S(V128 value) => Vector128.WidenUpper(value.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ExtendHighI32X4U(V128 value) => Vector128.WidenUpper(value.AsUInt32()).AsByte();

    // PMULDQ multiplies lanes 0 and 2: the low lanes are put there first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ExtmulLowI32X4S(V128 left, V128 right) => Sse41.IsSupported
        ? Sse41.Multiply(Sse2.Shuffle(left.AsInt32(), 0x50), Sse2.Shuffle(right.AsInt32(), 0x50)).AsByte()
        : (Vector128.WidenLower(left.AsInt32()) * Vector128.WidenLower(right.AsInt32())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ExtmulLowI32X4U(V128 left, V128 right) => Sse2.IsSupported
        ? Sse2.Multiply(Sse2.Shuffle(left.AsUInt32(), 0x50), Sse2.Shuffle(right.AsUInt32(), 0x50)).AsByte()
        : (Vector128.WidenLower(left.AsUInt32()) * Vector128.WidenLower(right.AsUInt32())).AsByte();

    // PMULDQ multiplies lanes 0 and 2: the high lanes are put there first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ExtmulHighI32X4S(V128 left, V128 right) => Sse41.IsSupported
        ? Sse41.Multiply(Sse2.Shuffle(left.AsInt32(), 0xFA), Sse2.Shuffle(right.AsInt32(), 0xFA)).AsByte()
        : (Vector128.WidenUpper(left.AsInt32()) * Vector128.WidenUpper(right.AsInt32())).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ExtmulHighI32X4U(V128 left, V128 right) => Sse2.IsSupported
        ? Sse2.Multiply(Sse2.Shuffle(left.AsUInt32(), 0xFA), Sse2.Shuffle(right.AsUInt32(), 0xFA)).AsByte()
        : (Vector128.WidenUpper(left.AsUInt32()) * Vector128.WidenUpper(right.AsUInt32())).AsByte();

    // PMADDUBSW multiplies unsigned by signed bytes and adds neighbours: with ones it only adds.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtaddPairwiseI8X16S(V128 value) => Ssse3.IsSupported
        ? Ssse3.MultiplyAddAdjacent(V128.One, value.AsSByte()).AsByte()
        : (((value.AsInt16() << 8) >> 8) + (value.AsInt16() >> 8)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ExtaddPairwiseI8X16U(V128 value) => Ssse3.IsSupported
        ? Ssse3.MultiplyAddAdjacent(value, Vector128<sbyte>.One).AsByte()
        : ((value.AsUInt16() & Vector128.Create((ushort)0xFF)) + (value.AsUInt16() >>> 8)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtaddPairwiseI16X8S(V128 value) => I32X4DotI16X8S(value, Vector128<short>.One.AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ExtaddPairwiseI16X8U(V128 value) => ((value.AsUInt32() & Vector128.Create(0xFFFFu)) + (value.AsUInt32() >>> 16)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4DotI16X8S(V128 left, V128 right) => Sse2.IsSupported
        ? Sse2.MultiplyAddAdjacent(left.AsInt16(), right.AsInt16()).AsByte()
        : ((((left.AsInt32() << 16) >> 16) * ((right.AsInt32() << 16) >> 16)) + ((left.AsInt32() >> 16) * (right.AsInt32() >> 16))).AsByte();

    // PMULHRSW gives −1 for −1 × −1, the one product that doesn't fit; those lanes are flipped to the largest number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8Q15MulrSatS(V128 left, V128 right)
    {
        if (Ssse3.IsSupported)
        {
            var product = Ssse3.MultiplyHighRoundScale(left.AsInt16(), right.AsInt16());
            return (product ^ Vector128.Equals(product, Vector128.Create(short.MinValue))).AsByte();
        }

        var low = Q15Round(Vector128.WidenLower(left.AsInt16()) * Vector128.WidenLower(right.AsInt16()));
        var high = Q15Round(Vector128.WidenUpper(left.AsInt16()) * Vector128.WidenUpper(right.AsInt16()));
        return Vector128.Narrow(low, high).AsByte();
    }

    private static Vector128<int> Q15Round(Vector128<int> product) =>
        Vector128.Min((product + Vector128.Create(0x4000)) >> 15, Vector128.Create((int)short.MaxValue));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16NarrowI16X8S(V128 left, V128 right) => Sse2.IsSupported
        ? Sse2.PackSignedSaturate(left.AsInt16(), right.AsInt16()).AsByte()
        : Vector128.NarrowWithSaturation(left.AsInt16(), right.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16NarrowI16X8U(V128 left, V128 right) => Sse2.IsSupported
        ? Sse2.PackUnsignedSaturate(left.AsInt16(), right.AsInt16())
        : Vector128.Narrow(ClampByte(left.AsInt16()), ClampByte(right.AsInt16())).AsByte();

    private static Vector128<short> ClampByte(Vector128<short> value) =>
        Vector128.Min(Vector128.Max(value, Vector128<short>.Zero), Vector128.Create((short)byte.MaxValue));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8NarrowI32X4S(V128 left, V128 right) => Sse2.IsSupported
        ? Sse2.PackSignedSaturate(left.AsInt32(), right.AsInt32()).AsByte()
        : Vector128.NarrowWithSaturation(left.AsInt32(), right.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8NarrowI32X4U(V128 left, V128 right) => Sse41.IsSupported
        ? Sse41.PackUnsignedSaturate(left.AsInt32(), right.AsInt32()).AsByte()
        : Vector128.Narrow(ClampUshort(left.AsInt32()), ClampUshort(right.AsInt32())).AsByte();

    private static Vector128<int> ClampUshort(Vector128<int> value) =>
        Vector128.Min(Vector128.Max(value, Vector128<int>.Zero), Vector128.Create((int)ushort.MaxValue));
}
