using System.Buffers.Binary;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Vector instructions with sixteen bytes of immediates. All others are rows of the table with intrinsics.</content>
internal sealed partial class FunctionCompiler
{
    // The top bit set: the byte at this place becomes zero.
    private const byte NoByte = 0x80;

    private void EmitVectorConstant(in Instruction instruction)
    {
        Settle(0, beforeResult: true);
        _il.Ldc((long)instruction.Immediate);
        _il.Ldc((long)instruction.ImmediateHigh);
        _il.Call(Members.Intrinsic(Op.V128Const));
        PushStack(ValueKind.V128);
    }

    /// <summary>
    /// The lanes are known now: where x64 has an instruction for such lanes it is that one. Else each operand gets a mask of its own, which is one machine instruction each and none for an operand that isn't used.
    /// </summary>
    private void EmitShuffle(in Instruction instruction)
    {
        Span<byte> lanes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(lanes, instruction.Immediate);
        BinaryPrimitives.WriteUInt64LittleEndian(lanes[8..], instruction.ImmediateHigh);
        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        var (usesLeft, usesRight) = (false, false);
        for (var i = 0; i < lanes.Length; i++)
        {
            var isLeft = lanes[i] < 16;
            left[i] = isLeft ? lanes[i] : NoByte;
            right[i] = isLeft ? NoByte : (byte)(lanes[i] - 16);
            usesLeft |= isLeft;
            usesRight |= !isLeft;
        }

        Settle(2, beforeResult: true);
        if (usesLeft && usesRight)
        {
            LoadMask(left);
            LoadMask(right);
            CallShuffle(ShuffleForm.Of(lanes));
        }
        else
        {
            LoadMask(usesLeft ? left : right);
            _il.Call(Members.Intrinsic(usesLeft ? nameof(Intrinsics.ShuffleLeft) : nameof(Intrinsics.ShuffleRight)));
        }

        Consume(2);
        PushStack(ValueKind.V128);
    }

    private void CallShuffle(ShuffleForm form)
    {
        if (form.Kind == ShuffleKind.Masks)
        {
            _il.Call(Members.Intrinsic(Op.I8X16Shuffle));
            return;
        }

        _il.Ldc(form.Control);
        _il.Ldc(form.IsSwapped ? 1 : 0);
        _il.Call(Members.Intrinsic(form.Kind switch
        {
            ShuffleKind.InterleaveLow => nameof(Intrinsics.ShuffleInterleaveLow),
            ShuffleKind.InterleaveHigh => nameof(Intrinsics.ShuffleInterleaveHigh),
            ShuffleKind.Align => nameof(Intrinsics.ShuffleAlign),
            ShuffleKind.Pairs => nameof(Intrinsics.ShufflePairs),
            ShuffleKind.BlendWords => nameof(Intrinsics.ShuffleBlendWords),
            _ => nameof(Intrinsics.ShuffleBlendBytes),
        }));
    }

    private void LoadMask(ReadOnlySpan<byte> mask)
    {
        _il.Ldc(BinaryPrimitives.ReadInt64LittleEndian(mask));
        _il.Ldc(BinaryPrimitives.ReadInt64LittleEndian(mask[8..]));
    }
}
