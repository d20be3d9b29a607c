using System.Reflection.Metadata;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Instructions whose row says all, and numeric ones that look at their operands.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>An instruction that is a run of IL or a call, the same in every module.</summary>
    private void EmitRegular(in Instruction instruction)
    {
        if (LoweringRule.Find(instruction.Op) is not { } rule)
        {
            throw NotCompiled(instruction);
        }

        if (rule.IsLoad)
        {
            EmitLoad(instruction, rule);
            return;
        }

        if (rule.IsStore)
        {
            EmitStore(instruction, rule);
            return;
        }

        if (rule.IsAtomic)
        {
            EmitAtomic(instruction, rule);
            return;
        }

        _mustNotFold = rule.IsFloatArithmetic;
        _hasFloatArithmetic |= rule.IsFloatArithmetic;
        Settle(rule.Pops, beforeResult: rule.Result != ValueKind.None && !DecidesSelect(instruction));
        _mustNotFold = false;
        foreach (var code in rule.Codes)
        {
            _il.Op(code);
        }

        if (rule.Method is { } method)
        {
            if (rule.TakesLane)
            {
                _il.Ldc(instruction.Index);
            }
            else if (rule.CanTrap)
            {
                _il.Ldc(_offset);
            }

            _il.Call(method);
        }

        Consume(rule.Pops);
        if (rule.Result != ValueKind.None)
        {
            PushStack(rule.Result);
        }
    }

    /// <summary>Of a local that was not loaded yet it is a narrower read: pointers of 64-bit code in a 32-bit memory are wrapped at each access.</summary>
    private void EmitWrap(in Instruction instruction)
    {
        ref var operand = ref _operands[_height - 1];
        if (operand.Place is OperandPlace.Local or OperandPlace.Constant)
        {
            operand = operand with { Kind = ValueKind.I32, Bits = (ulong)(int)operand.Bits };
        }
        else
        {
            EmitRegular(instruction);
        }
    }

    /// <summary>Of a local that was not loaded yet it is a wider read: code whose pointers have 64 bits extends its stack pointer, adds to it and wraps, which is an addition of 32 bits.</summary>
    private void EmitExtend(in Instruction instruction)
    {
        ref var operand = ref _operands[_height - 1];
        if (operand.Place == OperandPlace.Constant || (operand is { Place: OperandPlace.Local, Bits: 0 } && KindOfLocal(operand.Index) == ValueKind.I32))
        {
            operand = operand with { Kind = ValueKind.I64, Bits = (uint)operand.Bits };
        }
        else
        {
            EmitRegular(instruction);
        }
    }

    /// <summary>Adds a constant to a local that was extended and not loaded yet.</summary>
    private bool TryAddToExtended()
    {
        ref var operand = ref _operands[_height - 2];
        var constant = _operands[_height - 1];
        if (!constant.IsInteger || operand is not { Place: OperandPlace.Local } || KindOfLocal(operand.Index) != ValueKind.I32)
        {
            return false;
        }

        operand = operand with { Bits = operand.Bits + constant.Bits };
        Discard(_height - 1);
        return true;
    }

    /// <summary>IL leaves shifts by the width or more undefined, WebAssembly takes the count modulo the width. x64 does so too, and RyuJIT drops the mask.</summary>
    private void EmitShift(Op op)
    {
        var is64 = op is Op.I64Shl or Op.I64ShrS or Op.I64ShrU;
        var mask = is64 ? 63 : 31;
        var count = _operands[_height - 1];
        NoteShift(op, count.IsInteger ? (int)count.Bits & mask : null);
        if (count.IsInteger)
        {
            Discard(_height - 1);
            Settle(1, beforeResult: true);
            _il.Ldc((int)count.Bits & mask);
            Consume(1);
        }
        else
        {
            Settle(2, beforeResult: true);
            if (is64)
            {
                _il.Op(ILOpCode.Conv_i4);
            }

            _il.Ldc(mask);
            _il.Op(ILOpCode.And);
            Consume(2);
        }

        _il.Op(op switch
        {
            Op.I32Shl or Op.I64Shl => ILOpCode.Shl,
            Op.I32ShrS or Op.I64ShrS => ILOpCode.Shr,
            _ => ILOpCode.Shr_un,
        });
        PushStack(is64 ? ValueKind.I64 : ValueKind.I32);
    }

    /// <summary>A division by a constant that is neither 0 nor −1 can't trap; any other is an intrinsic that checks.</summary>
    private void EmitDivision(Op op)
    {
        var kind = op is Op.I32DivS or Op.I32DivU or Op.I32RemS or Op.I32RemU ? ValueKind.I32 : ValueKind.I64;
        var divisor = _operands[_height - 1];
        var isSafe = divisor.IsInteger && (long)divisor.Bits is not (0 or -1);
        Settle(2, beforeResult: true);
        if (isSafe)
        {
            _il.Op(op switch
            {
                Op.I32DivS or Op.I64DivS => ILOpCode.Div,
                Op.I32DivU or Op.I64DivU => ILOpCode.Div_un,
                Op.I32RemS or Op.I64RemS => ILOpCode.Rem,
                _ => ILOpCode.Rem_un,
            });
        }
        else
        {
            _il.Ldc(_offset);
            _il.Call(Members.Intrinsic(op));
        }

        Consume(2);
        PushStack(kind);
    }
}
