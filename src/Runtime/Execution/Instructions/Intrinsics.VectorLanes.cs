using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Vectors: constants, lanes, swizzles.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/exec/numerics.html#vector-operations">Spec: vector operations</see></remarks>
internal static partial class Intrinsics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Splat(int value) => Vector128.Create((byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8Splat(int value) => Vector128.Create((ushort)value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4Splat(int value) => Vector128.Create(value).AsByte();

    /// <summary>A vector whose lowest lane is a number; what the others are is left open.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 InVector(int value) => Vector128.CreateScalarUnsafe(value).AsByte();

    /// <summary>The lowest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FromVector(V128 value) => value.AsInt32().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2Splat(long value) => Vector128.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4Splat(float value) => Vector128.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2Splat(double value) => Vector128.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I8X16ExtractLaneS(V128 vector, int lane) => vector.AsSByte().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I8X16ExtractLaneU(V128 vector, int lane) => vector.GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16ReplaceLane(V128 vector, int value, int lane) => vector.WithElement(lane, (byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I16X8ExtractLaneS(V128 vector, int lane) => vector.AsInt16().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I16X8ExtractLaneU(V128 vector, int lane) => vector.AsUInt16().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I16X8ReplaceLane(V128 vector, int value, int lane) => vector.AsUInt16().WithElement(lane, (ushort)value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32X4ExtractLane(V128 vector, int lane) => vector.AsInt32().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I32X4ReplaceLane(V128 vector, int value, int lane) => vector.AsInt32().WithElement(lane, value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64X2ExtractLane(V128 vector, int lane) => vector.AsInt64().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I64X2ReplaceLane(V128 vector, long value, int lane) => vector.AsInt64().WithElement(lane, value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32X4ExtractLane(V128 vector, int lane) => vector.AsSingle().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F32X4ReplaceLane(V128 vector, float value, int lane) => vector.AsSingle().WithElement(lane, value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64X2ExtractLane(V128 vector, int lane) => vector.AsDouble().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 F64X2ReplaceLane(V128 vector, double value, int lane) => vector.AsDouble().WithElement(lane, value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 V128Const(ulong low, ulong high) => Vector128.Create(low, high).AsByte();

    // An index of 16 or more selects zero. PSHUFB looks at the top bit, and adding 0x70 with saturation sets it for just those.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Swizzle(V128 vector, V128 indices) => Ssse3.IsSupported
        ? Ssse3.Shuffle(vector, Sse2.AddSaturate(indices, Vector128.Create((byte)0x70)))
        : Vector128.Shuffle(vector, indices);
}
