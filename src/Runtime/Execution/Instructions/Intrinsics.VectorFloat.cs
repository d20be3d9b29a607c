using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Vectors: float arithmetic lane by lane, with WebAssembly's rules for NaN and signed zero.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/numerics.html#vector-operations">Spec: vector operations</see></remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Ceil(V128 value) => Vector128.Ceiling(value.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Floor(V128 value) => Vector128.Floor(value.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Trunc(V128 value) => Vector128.Truncate(value.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Nearest(V128 value) => Vector128.Round(value.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Abs(V128 value) => Vector128.Abs(value.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Sqrt(V128 value) => Vector128.Sqrt(value.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Neg(V128 value) => (value.AsInt32() ^ Vector128.Create(int.MinValue)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Add(V128 left, V128 right) => (left.AsSingle() + right.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Sub(V128 left, V128 right) => (left.AsSingle() - right.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Mul(V128 left, V128 right) => (left.AsSingle() * right.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Div(V128 left, V128 right) => (left.AsSingle() / right.AsSingle()).AsByte();

    // MINPS gives its second operand when either is NaN or both are zeros, so both orders are taken: together they have every sign and every NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Min(V128 left, V128 right)
    {
        var both = Smaller(left.AsSingle(), right.AsSingle()) | Smaller(right.AsSingle(), left.AsSingle());
        return Quieten(both);
    }

    // Where the two orders differ, a sign or a NaN has to be carried over; subtracting the difference turns −0 and +0 into +0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Max(V128 left, V128 right)
    {
        var one = Larger(left.AsSingle(), right.AsSingle());
        var difference = one ^ Larger(right.AsSingle(), left.AsSingle());
        return Quieten((one | difference) - difference);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Pmin(V128 left, V128 right) => Smaller(right.AsSingle(), left.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Pmax(V128 left, V128 right) => Larger(right.AsSingle(), left.AsSingle()).AsByte();

    // left < right ? left : right, which is what MINPS does with NaN and zeros too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Smaller(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.Min(left, right) : Vector128.ConditionalSelect(Vector128.LessThan(left, right), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Larger(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.Max(left, right) : Vector128.ConditionalSelect(Vector128.GreaterThan(left, right), left, right);

    // NaN lanes become the canonical NaN: all ones, less the payload below its top bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128 Quieten(Vector128<float> value)
    {
        var nan = ~Vector128.Equals(value, value).AsUInt32();
        return Vector128.AndNot(value.AsUInt32() | nan, nan >>> 10).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Ceil(V128 value) => Vector128.Ceiling(value.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Floor(V128 value) => Vector128.Floor(value.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Trunc(V128 value) => Vector128.Truncate(value.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Nearest(V128 value) => Vector128.Round(value.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Abs(V128 value) => Vector128.Abs(value.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Sqrt(V128 value) => Vector128.Sqrt(value.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Neg(V128 value) => (value.AsInt64() ^ Vector128.Create(long.MinValue)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Add(V128 left, V128 right) => (left.AsDouble() + right.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Sub(V128 left, V128 right) => (left.AsDouble() - right.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Mul(V128 left, V128 right) => (left.AsDouble() * right.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Div(V128 left, V128 right) => (left.AsDouble() / right.AsDouble()).AsByte();

    // MINPS gives its second operand when either is NaN or both are zeros, so both orders are taken: together they have every sign and every NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Min(V128 left, V128 right)
    {
        var both = Smaller(left.AsDouble(), right.AsDouble()) | Smaller(right.AsDouble(), left.AsDouble());
        return Quieten(both);
    }

    // Where the two orders differ, a sign or a NaN has to be carried over; subtracting the difference turns −0 and +0 into +0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Max(V128 left, V128 right)
    {
        var one = Larger(left.AsDouble(), right.AsDouble());
        var difference = one ^ Larger(right.AsDouble(), left.AsDouble());
        return Quieten((one | difference) - difference);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Pmin(V128 left, V128 right) => Smaller(right.AsDouble(), left.AsDouble()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Pmax(V128 left, V128 right) => Larger(right.AsDouble(), left.AsDouble()).AsByte();

    // left < right ? left : right, which is what MINPS does with NaN and zeros too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Smaller(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.Min(left, right) : Vector128.ConditionalSelect(Vector128.LessThan(left, right), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Larger(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.Max(left, right) : Vector128.ConditionalSelect(Vector128.GreaterThan(left, right), left, right);

    // NaN lanes become the canonical NaN: all ones, less the payload below its top bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128 Quieten(Vector128<double> value)
    {
        var nan = ~Vector128.Equals(value, value).AsUInt64();
        return Vector128.AndNot(value.AsUInt64() | nan, nan >>> 13).AsByte();
    }
}
