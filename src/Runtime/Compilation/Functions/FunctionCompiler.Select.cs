using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>The instruction <c>select</c>.</content>
/// <remarks>
/// RyuJIT makes conditional moves of branches, but never in a loop, so in a loop there are two forms to choose from. A branch costs nothing where it is predicted; arithmetic
/// with a mask costs four instructions in a row, always. Sifting in a heap, whose comparisons are even odds, takes 1.6 times as long with a branch; a running minimum, whose result the next
/// iteration waits for, takes 1.4 times as long with a mask. The form of the condition tells them apart well enough.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private (Op Op, int Index) _recent1;
    private (Op Op, int Index) _recent2;
    private (Op Op, int Index) _recent3;
    private (Op Op, int Index) _recent4;

    // The last four instructions, the last one first.
    private void NoteRecent(in Instruction instruction) =>
        (_recent1, _recent2, _recent3, _recent4) = ((instruction.Op, instruction.Index), _recent1, _recent2, _recent3);

    private void EmitSelect()
    {
        if (TryEmitMinimum())
        {
            return;
        }

        if (_operands[_height - 2].Kind is ValueKind.I32 or ValueKind.I64 && !IsPredictable())
        {
            EmitMaskedSelect();
        }
        else
        {
            EmitBranchingSelect();
        }
    }

    // Equality mostly has the same outcome; and of a minimum or maximum the next iteration waits for the result.
    private bool IsPredictable() => _recent1.Op is Op.I32Eqz or Op.I32Eq or Op.I32Ne or Op.I64Eqz or Op.I64Eq or Op.I64Ne || IsMinimumOrMaximum();

    // local.get $a, local.get $b, local.get $a, local.get $b, i32.lt_s: what is chosen is what was compared.
    private bool IsMinimumOrMaximum() =>
        IsRead(_recent2) && IsRead(_recent3) && IsRead(_recent4) && (_recent4.Index == _recent2.Index || _recent4.Index == _recent3.Index);

    private static bool IsRead((Op Op, int Index) instruction) => instruction.Op is Op.LocalGet or Op.LocalTee;

    private void EmitBranchingSelect()
    {
        if (CanTestInPlace())
        {
            EmitSelectOfPending();
            return;
        }

        // result = second; if (condition) result = first;
        var condition = TakeTop();
        var second = TakeTop();
        var first = TakeTop();
        Settle(0, beforeResult: true);
        LoadUnfoldable(second);
        var result = StoreTemporary(second.Kind);
        var end = _il.DefineLabel();
        Load(condition);
        _il.Branch(ILOpCode.Brfalse, end);
        LoadUnfoldable(first);
        _il.Stloc(result.Index);
        _il.Mark(end);
        Load(result);
        PushStack(second.Kind);
    }

    // The condition is on the IL stack, and what it chooses from is not: no statement comes between the two, so that RyuJIT makes one compare and jump of them.
    private bool CanTestInPlace() =>
        _operands[_height - 1].Place == OperandPlace.Stack && _operands[_height - 2].Place != OperandPlace.Stack && _operands[_height - 3].Place != OperandPlace.Stack
        && _il.Locals.Count < MaxFreshLocals;

    private void EmitSelectOfPending()
    {
        // result = second; if (condition) result = first;
        Consume(1);
        var second = TakeTop();
        var first = TakeTop();
        var result = NewLocal((ILType)second.Kind);
        LoadUnfoldable(second);
        _il.Stloc(result);
        var end = _il.DefineLabel();
        _il.Branch(ILOpCode.Brfalse, end);
        LoadUnfoldable(first);
        _il.Stloc(result);
        _il.Mark(end);
        Push(new Operand(second.Kind, OperandPlace.Slot, result));
    }

    /// <summary>Whether an instruction is a comparison whose outcome the next one selects by: what it selects from is then emitted by the select and not before the comparison.</summary>
    private bool DecidesSelect(in Instruction instruction) =>
        instruction.Op is >= Op.I32Eqz and <= Op.F64Ge && _layout.Module.Binary.Span[instruction.EndOffset] is (byte)Op.Select or (byte)Op.SelectT;

    private void EmitMaskedSelect()
    {
        // mask = -(condition != 0); ((first ^ second) & mask) ^ second
        var kind = _operands[_height - 2].Kind;
        Settle(1, beforeResult: false);
        _il.Ldc(0);
        _il.Op(ILOpCode.Cgt_un);
        if (kind == ValueKind.I64)
        {
            _il.Op(ILOpCode.Conv_u8);
        }

        _il.Op(ILOpCode.Neg);
        Consume(1);
        var mask = StoreTemporary(kind);
        var second = TakeTop();
        Settle(1, beforeResult: true);
        Load(second);
        _il.Op(ILOpCode.Xor);
        Load(mask);
        _il.Op(ILOpCode.And);
        Load(second);
        _il.Op(ILOpCode.Xor);
        Consume(1);
        PushStack(kind);
    }
}
