using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Vectors: integer arithmetic lane by lane.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/numerics.html#vector-operations">Spec: vector operations</see></remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Abs(V128 value) => Vector128.Abs(value.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Neg(V128 value) => (-value.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Shl(V128 value, int count) => value << (count & 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16ShrS(V128 value, int count) => (value.AsSByte() >> (count & 7)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16ShrU(V128 value, int count) => value >>> (count & 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Add(V128 left, V128 right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Sub(V128 left, V128 right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16MinS(V128 left, V128 right) => Vector128.Min(left.AsSByte(), right.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16MinU(V128 left, V128 right) => Vector128.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16MaxS(V128 left, V128 right) => Vector128.Max(left.AsSByte(), right.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16MaxU(V128 left, V128 right) => Vector128.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16AddSatS(V128 left, V128 right) => Vector128.AddSaturate(left.AsSByte(), right.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16AddSatU(V128 left, V128 right) => Vector128.AddSaturate(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16SubSatS(V128 left, V128 right) => Vector128.SubtractSaturate(left.AsSByte(), right.AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16SubSatU(V128 left, V128 right) => Vector128.SubtractSaturate(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16AvgrU(V128 left, V128 right) => Sse2.IsSupported
        ? Sse2.Average(left, right)
        : (left | right) - ((left ^ right) >>> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8Abs(V128 value) => Vector128.Abs(value.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8Neg(V128 value) => (-value.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8Shl(V128 value, int count) => (value.AsUInt16() << (count & 15)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ShrS(V128 value, int count) => (value.AsInt16() >> (count & 15)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ShrU(V128 value, int count) => (value.AsUInt16() >>> (count & 15)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8Add(V128 left, V128 right) => (left.AsUInt16() + right.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8Sub(V128 left, V128 right) => (left.AsUInt16() - right.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8Mul(V128 left, V128 right) => (left.AsUInt16() * right.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8MinS(V128 left, V128 right) => Vector128.Min(left.AsInt16(), right.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8MinU(V128 left, V128 right) => Vector128.Min(left.AsUInt16(), right.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8MaxS(V128 left, V128 right) => Vector128.Max(left.AsInt16(), right.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8MaxU(V128 left, V128 right) => Vector128.Max(left.AsUInt16(), right.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8AddSatS(V128 left, V128 right) => Vector128.AddSaturate(left.AsInt16(), right.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8AddSatU(V128 left, V128 right) => Vector128.AddSaturate(left.AsUInt16(), right.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8SubSatS(V128 left, V128 right) => Vector128.SubtractSaturate(left.AsInt16(), right.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8SubSatU(V128 left, V128 right) => Vector128.SubtractSaturate(left.AsUInt16(), right.AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8AvgrU(V128 left, V128 right) => Sse2.IsSupported
        ? Sse2.Average(left.AsUInt16(), right.AsUInt16()).AsByte()
        : ((left | right).AsUInt16() - ((left ^ right).AsUInt16() >>> 1)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4Abs(V128 value) => Vector128.Abs(value.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4Neg(V128 value) => (-value.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4Shl(V128 value, int count) => (value.AsUInt32() << (count & 31)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ShrS(V128 value, int count) => (value.AsInt32() >> (count & 31)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ShrU(V128 value, int count) => (value.AsUInt32() >>> (count & 31)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4Add(V128 left, V128 right) => (left.AsUInt32() + right.AsUInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4Sub(V128 left, V128 right) => (left.AsUInt32() - right.AsUInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4Mul(V128 left, V128 right) => (left.AsUInt32() * right.AsUInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4MinS(V128 left, V128 right) => Vector128.Min(left.AsInt32(), right.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4MinU(V128 left, V128 right) => Vector128.Min(left.AsUInt32(), right.AsUInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4MaxS(V128 left, V128 right) => Vector128.Max(left.AsInt32(), right.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4MaxU(V128 left, V128 right) => Vector128.Max(left.AsUInt32(), right.AsUInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2Abs(V128 value) => Vector128.Abs(value.AsInt64()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2Neg(V128 value) => (-value.AsInt64()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2Shl(V128 value, int count) => (value.AsUInt64() << (count & 63)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ShrS(V128 value, int count) => (value.AsInt64() >> (count & 63)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ShrU(V128 value, int count) => (value.AsUInt64() >>> (count & 63)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2Add(V128 left, V128 right) => (left.AsUInt64() + right.AsUInt64()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2Sub(V128 left, V128 right) => (left.AsUInt64() - right.AsUInt64()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2Mul(V128 left, V128 right) => (left.AsUInt64() * right.AsUInt64()).AsByte();

    // Each half byte's bits are looked up in a table of sixteen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Popcnt(V128 value)
    {
        const ulong low = 0x0302_0201_0201_0100;
        const ulong high = 0x0403_0302_0302_0201;
        var table = Vector128.Create(low, high).AsByte();
        var mask = Vector128.Create((byte)0xF);
        return Lookup(table, value & mask) + Lookup(table, (value >>> 4) & mask);
    }

    // For indices below 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128 Lookup(V128 table, V128 indices) => Ssse3.IsSupported ? Ssse3.Shuffle(table, indices) : Vector128.Shuffle(table, indices);
}
