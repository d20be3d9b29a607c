using System.Runtime.CompilerServices;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Interpretation;

/// <content>Memory, globals and calls.</content>
internal sealed partial class FunctionTranslator
{
    [MethodImpl(Hot)]
    private void Load(in Instruction instruction)
    {
        if (!IsPlain(in instruction))
        {
            AnyMemory(in instruction, operands: 1, results: 1);
            return;
        }

        var address = PopSlot();
        Emit(LoadOf(instruction.Op), Locals + _height, address, 0, At((int)(uint)instruction.Immediate));
        PushDefined();
    }

    [MethodImpl(Hot)]
    private void Store(in Instruction instruction)
    {
        if (!IsPlain(in instruction))
        {
            AnyMemory(in instruction, operands: 2, results: 0);
            return;
        }

        var operation = StoreOf(instruction.Op);
        var value = _operands[_height - 1];
        if (value.Place == Place.Constant && (operation != Operation.Store64 || (long)value.Value == (int)value.Value))
        {
            Pop();
            var target = PopSlot();
            var bits = (uint)value.Value;
            Emit(operation + (Operation.StoreConstant8 - Operation.Store8), (int)(bits & 0xFFFF), target, (int)(bits >> 16), At((int)(uint)instruction.Immediate));
            return;
        }

        var source = PopSlot();
        var address = PopSlot();
        Emit(operation, 0, address, source, At((int)(uint)instruction.Immediate));
    }

    private bool IsPlain(in Instruction instruction) => instruction.Index == 0 && _isPlainMemory && instruction.Immediate <= uint.MaxValue;

    private void AnyMemory(in Instruction instruction, int operands, int results)
    {
        _isUnsupported |= instruction.Index > ushort.MaxValue;
        Settle(operands);
        Drop(operands);
        Emit(Operation.MemoryAccess, Locals + _height, 0, instruction.Index, At((int)instruction.Op));
        Emit(default, 0, 0, 0, instruction.Immediate);
        PushSlots(results);
    }

    private static Operation LoadOf(Op op) => op switch
    {
        Op.I32Load8S or Op.I64Load8S => Operation.Load8S,
        Op.I32Load8U or Op.I64Load8U => Operation.Load8U,
        Op.I32Load16S or Op.I64Load16S => Operation.Load16S,
        Op.I32Load16U or Op.I64Load16U => Operation.Load16U,
        Op.I64Load32S => Operation.Load32S,
        Op.I64Load or Op.F64Load => Operation.Load64,
        _ => Operation.Load32U,
    };

    private static Operation StoreOf(Op op) => op switch
    {
        Op.I32Store8 or Op.I64Store8 => Operation.Store8,
        Op.I32Store16 or Op.I64Store16 => Operation.Store16,
        Op.I64Store or Op.F64Store => Operation.Store64,
        _ => Operation.Store32,
    };

    [MethodImpl(Hot)]
    private void GetGlobal(int global)
    {
        if (!IsNumericGlobal(global))
        {
            return;
        }

        if (global < syntax.ImportedGlobalCount)
        {
            Rare(Op.GlobalGet, 0, 1, global);
            return;
        }

        Emit(Operation.GlobalGet, Locals + _height, 0, 0, (ulong)globals.SlotOf(global));
        PushDefined();
    }

    [MethodImpl(Hot)]
    private void SetGlobal(int global)
    {
        if (!IsNumericGlobal(global))
        {
            return;
        }

        if (global < syntax.ImportedGlobalCount)
        {
            Rare(Op.GlobalSet, 1, 0, global);
            return;
        }

        var value = PopSlot();
        Emit(Operation.GlobalSet, 0, value, 0, (ulong)globals.SlotOf(global));
    }

    [MethodImpl(Hot)]
    private bool IsNumericGlobal(int global)
    {
        var isNumeric = TypeShape.IsNumber(syntax.Globals[global].Type.Type);
        _isUnsupported |= !isNumeric;
        return isNumeric;
    }

    [MethodImpl(Hot)]
    private void Rare(Op op, int operands, int results, int index, int index2 = 0)
    {
        _isUnsupported |= index2 > ushort.MaxValue;
        Settle(operands);
        Drop(operands);
        Emit(Operation.Rare, Locals + _height, (int)op, index2, At(index));
        PushSlots(results);
    }

    [MethodImpl(Hot)]
    private void Call(int function)
    {
        var shape = _types[syntax.FunctionTypes[function]];
        if (function < syntax.ImportedFunctionCount)
        {
            Call(Operation.CallImport, shape, 0, 0, function);
        }
        else
        {
            Call(Operation.Call, shape, 0, 0, function - syntax.ImportedFunctionCount);
        }
    }

    [MethodImpl(Hot)]
    private void CallIndirect(in Instruction instruction)
    {
        _isUnsupported |= instruction.Index2 > ushort.MaxValue;
        var index = PopSlot();
        Call(syntax.Tables[instruction.Index2].Type.Is64 ? Operation.CallIndirect64 : Operation.CallIndirect, _types[instruction.Index], index, instruction.Index2, instruction.Index);
    }

    [MethodImpl(Hot)]
    private void Call(Operation operation, TypeShape shape, int b, int c, int index)
    {
        _isUnsupported |= !shape.IsNumeric;
        Settle(shape.Parameters);
        Drop(shape.Parameters);
        Emit(operation, Locals + _height, b, c, At(index));
        PushSlots(shape.Results);
    }

    [MethodImpl(Hot)]
    private void Drop(int operands)
    {
        for (; operands > 0; operands--)
        {
            Pop();
        }
    }
}
