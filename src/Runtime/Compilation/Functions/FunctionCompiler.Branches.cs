using System.Reflection.Metadata;
using System.Runtime.InteropServices;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Branches: the arguments of a label are moved to the slots of its heights, then the branch is taken with an empty IL stack.</content>
internal sealed partial class FunctionCompiler
{
    private readonly List<ILLabel> _tableLabels = [];
    private readonly Dictionary<int, ILLabel> _tableStubs = [];
    private bool _isInverted;

    private void EmitBranch(int depth)
    {
        BranchTo(depth);
        BecomeDead();
    }

    // The operands stay noted as they were, unless the branch returns.
    private void BranchTo(int depth)
    {
        if (depth == _frameCount - 1)
        {
            ReturnResults();
            return;
        }

        ref var frame = ref FrameAt(depth);
        MoveArguments(frame);
        _il.Branch(BranchCode(frame), Target(depth));
    }

    /// <summary>A protected region can only be left by an instruction of its own, which can't be conditional.</summary>
    private ILOpCode BranchCode(in ControlFrame frame) => LeavesRegion(frame) ? ILOpCode.Leave : ILOpCode.Br;

    private bool LeavesRegion(in ControlFrame frame) => frame.Regions < _regionCount;

    private void EmitBranchIf(int depth)
    {
        var condition = TakeLast();
        if (TakeInversion())
        {
            BranchOn(ILOpCode.Brfalse, ILOpCode.Brtrue, condition, depth);
        }
        else
        {
            BranchOn(ILOpCode.Brtrue, ILOpCode.Brfalse, condition, depth);
        }
    }

    /// <summary>Has the next instruction, if it branches on whether an operand is zero, look at the operand itself.</summary>
    private bool TryInvertBranch(in Instruction instruction) =>
        _isInverted = _layout.Module.Binary.Span[instruction.EndOffset] is (byte)Op.If or (byte)Op.BrIf;

    // Whether the branch is to be taken when its condition is zero.
    private bool TakeInversion()
    {
        var isInverted = _isInverted;
        _isInverted = false;
        return isInverted;
    }

    private void EmitBranchOnNull(int depth)
    {
        // if (reference == null) goto label; the reference stays only when it is not null.
        var reference = TakeTop();
        SpillStack();
        BranchOn(ILOpCode.Brfalse, ILOpCode.Brtrue, reference, depth);
        Load(reference);
        PushStack(ValueKind.Ref);
    }

    private void EmitBranchOnNonNull(int depth)
    {
        // if (reference != null) goto label; the reference is the label's last argument.
        var reference = TakeTop();
        SpillStack();
        Push(reference);
        BranchOn(ILOpCode.Brtrue, ILOpCode.Brfalse, reference, depth);
        _height--;
    }

    /// <summary>Takes the top operand away and leaves the IL stack empty, without a temporary if the operand was all that was on it.</summary>
    private Operand TakeLast()
    {
        if (_operands[_height - 1].Place == OperandPlace.Stack && _il.Depth == 1)
        {
            return _operands[--_height];
        }

        var top = TakeTop();
        SpillStack();
        return top;
    }

    /// <summary>Branches if a value is, or is not, zero. Every other operand is off the IL stack, and the value on it only if its place says so.</summary>
    private void BranchOn(ILOpCode branch, ILOpCode opposite, in Operand value, int depth)
    {
        ref var frame = ref FrameAt(depth);
        if (value.Place != OperandPlace.Stack)
        {
            Load(value);
        }

        if (!MustMove(frame) && !LeavesRegion(frame))
        {
            _il.Branch(branch, Target(depth));
            return;
        }

        // if (!value) goto skip; move; goto label; skip:
        var skip = _il.DefineLabel();
        _il.Branch(opposite, skip);
        MoveArguments(frame);
        _il.Branch(BranchCode(frame), Target(depth));
        _il.Mark(skip);
    }

    private void EmitBranchTable(in Instruction instruction)
    {
        // switch (index) { … } goto default;
        var index = TakeLast();
        _tableLabels.Clear();
        _tableStubs.Clear();
        var labels = new LabelReader(_layout.Module.Binary.Span, instruction);
        while (labels.Read(out var depth))
        {
            _tableLabels.Add(TableTarget(depth));
        }

        var otherwise = TableTarget(instruction.Index);
        if (index.Place != OperandPlace.Stack)
        {
            Load(index);
        }

        _il.Switch(CollectionsMarshal.AsSpan(_tableLabels));
        _il.Branch(ILOpCode.Br, otherwise);
        foreach (var (depth, stub) in _tableStubs)
        {
            _il.Mark(stub);
            MoveArguments(FrameAt(depth));
            _il.Branch(BranchCode(FrameAt(depth)), Target(depth));
        }

        BecomeDead();
    }

    // One stub for each distinct label that has arguments to move; a table may name it a million times.
    private ILLabel TableTarget(int depth)
    {
        if (!MustMove(FrameAt(depth)) && !LeavesRegion(FrameAt(depth)))
        {
            return Target(depth);
        }

        if (!_tableStubs.TryGetValue(depth, out var stub))
        {
            stub = _il.DefineLabel();
            _tableStubs.Add(depth, stub);
        }

        return stub;
    }

    private ILLabel Target(int depth)
    {
        ref var frame = ref FrameAt(depth);
        frame.IsTargeted = true;
        return frame.Target;
    }

    /// <summary>Whether some argument of a label is not yet where the label expects it.</summary>
    private bool MustMove(in ControlFrame frame)
    {
        var kinds = frame.LabelTypes;
        var source = _height - kinds.Length;
        for (var i = 0; i < kinds.Length; i++)
        {
            ref readonly var operand = ref _operands[source + i];
            if (operand.Place != OperandPlace.Slot || operand.Index != SlotAt(frame.Height + i, kinds[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves the arguments of a label to its slots and empties the IL stack. The operands themselves stay noted as they were.</summary>
    /// <remarks>
    /// A source is never below its destination, so slots are moved from the bottom up; those on the IL stack, which lie above them, follow from the top down; and
    /// constants and locals, which no slot can overwrite, come last.
    /// </remarks>
    private void MoveArguments(in ControlFrame frame)
    {
        var kinds = frame.LabelTypes;
        var source = _height - kinds.Length;
        for (var i = 0; i < kinds.Length; i++)
        {
            if (_operands[source + i] is { Place: OperandPlace.Slot } operand && operand.Index != SlotAt(frame.Height + i, kinds[i]))
            {
                _il.Ldloc(operand.Index);
                _il.Stloc(SlotAt(frame.Height + i, kinds[i]));
            }
        }

        for (var i = kinds.Length - 1; i >= 0; i--)
        {
            if (_operands[source + i].Place == OperandPlace.Stack)
            {
                _il.Stloc(SlotAt(frame.Height + i, kinds[i]));
            }
        }

        PopLeftOvers(keep: 0);
        for (var i = 0; i < kinds.Length; i++)
        {
            if (_operands[source + i].Place is OperandPlace.Constant or OperandPlace.Local)
            {
                LoadUnfoldable(_operands[source + i]);
                _il.Stloc(SlotAt(frame.Height + i, kinds[i]));
            }
        }
    }

    private void EmitReturn()
    {
        ReturnResults();
        if (_frameCount > 0)
        {
            BecomeDead();
        }
    }

    private void ReturnResults()
    {
        EmitResults();
        if (_regionCount == 0)
        {
            _il.Ret(_signature.ReturnType);
        }
        else
        {
            LeaveWithResult();
        }
    }

    // store.Results[i - 1] = result i, for all but the first, which is left on the IL stack.
    private void EmitResults()
    {
        var results = _signature.Results;
        for (var i = results.Length - 1; i >= 1; i--)
        {
            var result = TakeTop();
            StoreResult(i - 1, result);
        }

        if (results.Length > 0)
        {
            Settle(1, beforeResult: false);
            Consume(1);
            if (_il.Depth > 1)
            {
                var result = StoreTemporary(results[0]);
                PopLeftOvers(keep: 0);
                Load(result);
            }
        }
        else
        {
            PopLeftOvers(keep: 0);
        }

        // Between a call and ret, so that RyuJIT does not make a tail call of the two: the frame would be missing from traps.
        _il.Op(ILOpCode.Nop);
    }
}
