using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Blocks and branches.</content>
internal sealed partial class FunctionValidator
{
    private readonly ResultTypes _resultTypes = new();

    private void CheckBlock(in Instruction instruction)
    {
        var type = BlockFuncType(instruction.BlockType);
        PopOperands(type.Parameters.AsSpan());
        PushControl(Op.Block, type);
    }

    private void CheckLoop(in Instruction instruction)
    {
        _hasLoops = true;
        var type = BlockFuncType(instruction.BlockType);
        PopOperands(type.Parameters.AsSpan());
        PushControl(Op.Loop, type);
    }

    private void CheckIf(in Instruction instruction)
    {
        var type = BlockFuncType(instruction.BlockType);
        PopOperand(ValueType.I32);
        PopOperands(type.Parameters.AsSpan());
        PushControl(Op.If, type);
    }

    private void CheckElse()
    {
        if (Frame(0).Op != Op.If)
        {
            throw new MalformedModuleException("illegal opcode 05: else without if", _offset);
        }

        var frame = PopControl();
        PushControl(Op.Else, frame.Type);
    }

    private void CheckEnd()
    {
        var frame = PopControl();
        if (frame.Op == Op.If)
        {
            CheckAbsentElse(in frame);
        }

        Operands.Push(frame.EndTypes);
    }

    // An if without else is one whose else branch is empty: its parameters must do as its results.
    private void CheckAbsentElse(in ControlFrame frame)
    {
        var start = frame.StartTypes;
        var end = frame.EndTypes;
        if (!AreSubtypes(start, end))
        {
            ThrowInvalid($"type mismatch: block requires [{Join(end)}] but an absent else gives [{Join(start)}]");
        }
    }

    private void CheckBr(int label)
    {
        PopOperands(LabelFrame(label).LabelTypes);
        SetUnreachable();
    }

    private void CheckBrIf(int label)
    {
        var types = LabelFrame(label).LabelTypes;
        PopOperand(ValueType.I32);
        PopOperands(types);
        Operands.Push(types);
    }

    private void CheckBrTable(in Instruction instruction)
    {
        if (instruction.ListCount > _context.Limits.MaxBranchTableLabels)
        {
            throw new ModuleLimitException(
                $"+0x{_offset:x}: br_table has {instruction.ListCount} labels; this engine takes at most {_context.Limits.MaxBranchTableLabels}");
        }

        PopOperand(ValueType.I32);
        var arity = LabelFrame(instruction.Index).LabelTypes.Length;
        var labels = new LabelReader(_syntax.Binary.Span, in instruction);
        ReadOnlySpan<ValueType> last = default;
        while (labels.Read(out var label))
        {
            var types = LabelFrame(label).LabelTypes;
            if (types.Length != arity)
            {
                ThrowInvalid($"type mismatch: the labels of br_table take {arity} and {types.Length} values");
            }

            // Most tables name few labels again and again; the same span has been checked.
            if (types != last)
            {
                CheckTop(types);
                last = types;
            }
        }

        PopOperands(LabelFrame(instruction.Index).LabelTypes);
        SetUnreachable();
    }

    // As popping the types and pushing what was popped: the operands keep their types, also the unknown ones of unreachable code.
    private void CheckTop(ReadOnlySpan<ValueType> types)
    {
        var available = Operands.Count - _height;
        if (available >= types.Length && TypeRelations.AreSame(Operands.Types[^types.Length..], types))
        {
            return;
        }

        for (var i = 0; i < types.Length; i++)
        {
            var expected = types[types.Length - 1 - i];
            if (i >= available)
            {
                RequireUnreachable(expected);
                return;
            }

            RequireSubtype(Operands[i], expected);
        }
    }

    private void CheckReturn()
    {
        PopOperands(FunctionType.Results.AsSpan());
        SetUnreachable();
    }

    private ref readonly ControlFrame LabelFrame(int label)
    {
        if ((uint)label >= (uint)_frameCount)
        {
            ThrowInvalid($"unknown label {label}");
        }

        return ref Frame(label);
    }

    private FuncType BlockFuncType(BlockType type)
    {
        if (type.TypeIndex >= 0)
        {
            return FuncTypeAt(type.TypeIndex);
        }

        CheckType(type.Result);
        return _resultTypes.Of(type.Result);
    }
}
