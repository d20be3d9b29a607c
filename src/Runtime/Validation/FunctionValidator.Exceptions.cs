using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Exceptions: <c>try_table</c> and <c>throw</c>, and the legacy form.</content>
internal sealed partial class FunctionValidator
{
    private static ValueType ExnRef => ValueType.Ref(new HeapType(HeapKind.Exn), nullable: false);

    private FuncType TagTypeAt(int tag)
    {
        if ((uint)tag >= (uint)_syntax.TagTypes.Length)
        {
            ThrowInvalid($"unknown tag {tag}");
        }

        return _context.FuncTypes[_syntax.TagTypes[tag]]!;
    }

    private void CheckThrow(int tag)
    {
        _lastCall = _offset;
        PopOperands(TagTypeAt(tag).Parameters.AsSpan());
        SetUnreachable();
    }

    private void CheckThrowRef()
    {
        _lastCall = _offset;
        PopOperand(AnyNull(HeapKind.Exn));
        SetUnreachable();
    }

    private void CheckTryTable(in Instruction instruction)
    {
        _hasHandlers = true;
        var type = BlockFuncType(instruction.BlockType);
        PopOperands(type.Parameters.AsSpan());

        // The clauses' labels count from outside the block.
        var clauses = new CatchReader(_syntax.Binary.Span, in instruction);
        while (clauses.Read(out var clause))
        {
            CheckClause(in clause);
        }

        PushControl(Op.TryTable, type);
    }

    private void CheckClause(in CatchClause clause)
    {
        ReadOnlySpan<ValueType> payload = clause.Tag < 0 ? [] : TagTypeAt(clause.Tag).Parameters.AsSpan();
        var hasReference = clause.Kind is CatchKind.CatchRef or CatchKind.CatchAllRef;
        var types = LabelFrame(clause.Label).LabelTypes;
        var matches = hasReference
            ? !types.IsEmpty && _relations.IsSubtype(ExnRef, types[^1]) && AreSubtypes(payload, types[..^1])
            : AreSubtypes(payload, types);
        if (!matches)
        {
            var reference = hasReference ? (payload.IsEmpty ? $"{ExnRef}" : $" {ExnRef}") : "";
            ThrowInvalid($"type mismatch: the catch clause gives [{Join(payload)}{reference}] but its label takes [{Join(types)}]");
        }
    }

    private void CheckTry(in Instruction instruction)
    {
        _hasHandlers = true;
        var type = BlockFuncType(instruction.BlockType);
        PopOperands(type.Parameters.AsSpan());
        PushControl(Op.Try, type);
    }

    private void CheckCatch(int tag)
    {
        RequireFrame(Frame(0).Op is Op.Try or Op.Catch, "catch without try");
        var frame = PopControl();
        PushControl(Op.Catch, new FuncType(TagTypeAt(tag).Parameters, frame.Type.Results));
    }

    private void CheckCatchAll()
    {
        RequireFrame(Frame(0).Op is Op.Try or Op.Catch, "catch_all without try");
        var frame = PopControl();
        PushControl(Op.CatchAll, new FuncType([], frame.Type.Results));
    }

    private void CheckDelegate(int label)
    {
        RequireFrame(Frame(0).Op == Op.Try, "delegate without try");
        var frame = PopControl();

        // The label counts from outside the try; that of the function's body stands for the caller.
        _ = LabelFrame(label);
        Operands.Push(frame.EndTypes);
    }

    private void CheckRethrow(int label)
    {
        _lastCall = _offset;
        if (LabelFrame(label).Op is not (Op.Catch or Op.CatchAll))
        {
            ThrowInvalid($"invalid rethrow label {label}: it is no catch block");
        }

        SetUnreachable();
    }

    private void RequireFrame(bool isRight, string otherwise)
    {
        if (!isRight)
        {
            ThrowInvalid($"type mismatch: {otherwise}");
        }
    }
}
