using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace HostService.Runtime.Execution.Instructions;

/// <content>Vectors: shuffles, whose lanes are constants.</content>
/// <remarks>
/// Compiled code calls the one whose form its lanes have, and gives it the masks all the same: code may be stored and run on a machine that lacks the form's instruction. All arguments but the vectors are constants,
/// of which RyuJIT keeps what is used. <see href="https://webassembly.github.io/spec/core/exec/instructions.html#vector-instructions">Spec: vector instructions</see>
/// </remarks>
internal static partial class Intrinsics
{
    // Each operand's bytes go where they are wanted, and zero where the other's are: the compiler gives two masks whose unwanted indices have the top bit set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 I8X16Shuffle(V128 left, V128 right, ulong leftLow, ulong leftHigh, ulong rightLow, ulong rightHigh) =>
        ShuffleOne(left, leftLow, leftHigh) | ShuffleOne(right, rightLow, rightHigh);

    // All bytes from the first operand; RyuJIT drops the other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShuffleLeft(V128 left, V128 right, ulong maskLow, ulong maskHigh) => ShuffleOne(left, maskLow, maskHigh);

    // All bytes from the second operand.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShuffleRight(V128 left, V128 right, ulong maskLow, ulong maskHigh) => ShuffleOne(right, maskLow, maskHigh);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShuffleInterleaveLow(V128 left, V128 right, ulong leftLow, ulong leftHigh, ulong rightLow, ulong rightHigh, [ConstantExpected] byte control, bool isSwapped) => !Sse2.IsSupported
        ? I8X16Shuffle(left, right, leftLow, leftHigh, rightLow, rightHigh)
        : isSwapped ? InterleaveLow(right, left, control) : InterleaveLow(left, right, control);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShuffleInterleaveHigh(V128 left, V128 right, ulong leftLow, ulong leftHigh, ulong rightLow, ulong rightHigh, [ConstantExpected] byte control, bool isSwapped) => !Sse2.IsSupported
        ? I8X16Shuffle(left, right, leftLow, leftHigh, rightLow, rightHigh)
        : isSwapped ? InterleaveHigh(right, left, control) : InterleaveHigh(left, right, control);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShuffleAlign(V128 left, V128 right, ulong leftLow, ulong leftHigh, ulong rightLow, ulong rightHigh, [ConstantExpected] byte control, bool isSwapped) => !Ssse3.IsSupported
        ? I8X16Shuffle(left, right, leftLow, leftHigh, rightLow, rightHigh)
        : isSwapped ? Ssse3.AlignRight(left, right, control) : Ssse3.AlignRight(right, left, control);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShufflePairs(V128 left, V128 right, ulong leftLow, ulong leftHigh, ulong rightLow, ulong rightHigh, [ConstantExpected] byte control, bool isSwapped) => !Sse.IsSupported
        ? I8X16Shuffle(left, right, leftLow, leftHigh, rightLow, rightHigh)
        : isSwapped ? Sse.Shuffle(right.AsSingle(), left.AsSingle(), control).AsByte() : Sse.Shuffle(left.AsSingle(), right.AsSingle(), control).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShuffleBlendWords(V128 left, V128 right, ulong leftLow, ulong leftHigh, ulong rightLow, ulong rightHigh, [ConstantExpected] byte control, bool isSwapped) => Sse41.IsSupported
        ? Sse41.Blend(left.AsUInt16(), right.AsUInt16(), control).AsByte()
        : I8X16Shuffle(left, right, leftLow, leftHigh, rightLow, rightHigh);

    // The top bit of the first operand's mask is set where its byte is not wanted, which is what the instruction looks at.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ShuffleBlendBytes(V128 left, V128 right, ulong leftLow, ulong leftHigh, ulong rightLow, ulong rightHigh, [ConstantExpected] byte control, bool isSwapped) => Sse41.IsSupported
        ? Sse41.BlendVariable(left, right, Vector128.Create(leftLow, leftHigh).AsByte())
        : I8X16Shuffle(left, right, leftLow, leftHigh, rightLow, rightHigh);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128 InterleaveLow(V128 first, V128 second, int width) => width switch
    {
        1 => Sse2.UnpackLow(first, second),
        2 => Sse2.UnpackLow(first.AsUInt16(), second.AsUInt16()).AsByte(),
        4 => Sse2.UnpackLow(first.AsUInt32(), second.AsUInt32()).AsByte(),
        _ => Sse2.UnpackLow(first.AsUInt64(), second.AsUInt64()).AsByte(),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128 InterleaveHigh(V128 first, V128 second, int width) => width switch
    {
        1 => Sse2.UnpackHigh(first, second),
        2 => Sse2.UnpackHigh(first.AsUInt16(), second.AsUInt16()).AsByte(),
        4 => Sse2.UnpackHigh(first.AsUInt32(), second.AsUInt32()).AsByte(),
        _ => Sse2.UnpackHigh(first.AsUInt64(), second.AsUInt64()).AsByte(),
    };

    // By a mask that is a constant; an index with the top bit set gives zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128 ShuffleOne(V128 vector, ulong maskLow, ulong maskHigh) => Ssse3.IsSupported
        ? Ssse3.Shuffle(vector, Vector128.Create(maskLow, maskHigh).AsByte())
        : Vector128.Shuffle(vector, Vector128.Create(maskLow, maskHigh).AsByte());
}
