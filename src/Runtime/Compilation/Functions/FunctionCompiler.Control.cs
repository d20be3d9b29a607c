using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Blocks. The IL stack is empty wherever a block begins and at every label; see docs/wasm-to-il.md, section 4.</content>
internal sealed partial class FunctionCompiler
{
    private ControlFrame[] _frames = new ControlFrame[32];
    private int _frameCount;

    private ref ControlFrame FrameAt(int depth) => ref _frames[_frameCount - 1 - depth];

    private void OpenFunction() =>
        OpenFrame(new ControlFrame { Op = Op.Block, Signature = new Signature([], _signature.Results), Target = _il.DefineLabel(), Else = ILLabel.None });

    private void EmitBlock(in Instruction instruction)
    {
        var signature = _layout.SignatureOf(instruction.BlockType);
        SpillAll();
        OpenFrame(new ControlFrame { Op = Op.Block, Signature = signature, Target = _il.DefineLabel(), Else = ILLabel.None });
    }

    private void EmitLoop(in Instruction instruction)
    {
        var signature = _layout.SignatureOf(instruction.BlockType);
        SpillAll();
        SpillParameters(signature);
        var start = _il.DefineLabel();
        _il.Mark(start);
        NoteContinuedLoop(start);
        var loop = BeginLoop(instruction);
        if (!IsCheckedByCalls(instruction.EndOffset))
        {
            EmitLoopCheck(_offset, loop);
        }

        OpenFrame(new ControlFrame { Op = Op.Loop, Signature = signature, Target = start, Else = ILLabel.None });
    }

    private void EmitIf(in Instruction instruction)
    {
        // if (!condition) goto else;
        var signature = _layout.SignatureOf(instruction.BlockType);
        var condition = TakeLast();
        SpillPendingReads();
        SpillParameters(signature);
        var otherwise = _il.DefineLabel();
        if (condition.Place != OperandPlace.Stack)
        {
            Load(condition);
        }

        _il.Branch(TakeInversion() ? ILOpCode.Brtrue : ILOpCode.Brfalse, otherwise);
        OpenFrame(new ControlFrame { Op = Op.If, Signature = signature, Target = _il.DefineLabel(), Else = otherwise });
    }

    private void EmitElse()
    {
        ref var frame = ref FrameAt(0);
        if (!_dead)
        {
            // goto end;
            MoveArguments(frame);
            _il.Branch(ILOpCode.Br, frame.Target);
            frame.IsTargeted = true;
        }

        _il.Mark(frame.Else);
        frame.Else = ILLabel.None;
        _dead = false;
        RestoreParameters(frame);
    }

    private void EmitEnd()
    {
        ref var frame = ref FrameAt(0);
        if (IsHandling(frame.Op))
        {
            EmitHandlingEnd(ref frame);
        }

        var falls = !_dead;

        // Without an else the parameters, which are in their slots, are the results.
        var merges = frame.IsTargeted || frame.Else.Exists;
        if (frame.Op == Op.Loop)
        {
            // Its label is its start; the end is only where the block ends.
            EndLoop();
        }
        else if (merges)
        {
            if (falls)
            {
                MoveArguments(frame);
            }

            if (frame.Else.Exists)
            {
                _il.Mark(frame.Else);
            }

            if (frame.IsTargeted)
            {
                _il.Mark(frame.Target);
            }

            falls = true;
            RestoreResults(frame);
        }

        _dead = !falls;
        _deadBlocks = 0;
        _floor = Math.Min(frame.Height, _height);
        _frameCount--;
        if (_frameCount == 0)
        {
            if (falls)
            {
                EmitReturn();
            }
        }
        else if (_dead)
        {
            Discard(_frames[_frameCount - 1].Height);
        }
    }

    private void OpenFrame(ControlFrame frame)
    {
        if (_frameCount == _frames.Length)
        {
            Array.Resize(ref _frames, _frameCount * 2);
        }

        frame.Height = _height - frame.Signature.Parameters.Length;
        frame.Regions = _regionCount;
        _frames[_frameCount++] = frame;
        _floor = _height;
    }

    // The parameters of a loop or an if are found in their slots however control gets there.
    private void SpillParameters(Signature signature)
    {
        var first = _height - signature.Parameters.Length;
        for (var i = first; i < _height; i++)
        {
            if (_operands[i].Place != OperandPlace.Slot || _operands[i].Index != SlotAt(i, _operands[i].Kind))
            {
                _mustNotFold = true;
                LoadAt(i);
                _mustNotFold = false;
                _operands[i] = StoreSlot(i, _operands[i].Kind, mayMeet: true);
            }
        }
    }

    private void RestoreParameters(in ControlFrame frame) => RestoreSlots(frame.Height, frame.Signature.Parameters);

    private void RestoreResults(in ControlFrame frame) => RestoreSlots(frame.Height, frame.Signature.Results);

    private void RestoreSlots(int height, ValueKind[] kinds)
    {
        Discard(height);
        foreach (var kind in kinds)
        {
            Push(new Operand(kind, OperandPlace.Slot, SlotAt(_height, kind)));
        }

        _floor = _height;
    }

    private void EmitUnreachable()
    {
        EmitThrow(TrapCode.Unreachable, _offset);
        BecomeDead();
    }

    // throw Traps.Trap(code, offset);
    private void EmitThrow(TrapCode code, int offset)
    {
        _il.Ldc((int)code);
        _il.Ldc(offset);
        _il.Call(Members.Trap);
        _il.Op(ILOpCode.Throw);
    }
}
