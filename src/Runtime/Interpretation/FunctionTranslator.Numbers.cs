using System.Runtime.CompilerServices;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Interpretation;

/// <content>Numeric instructions.</content>
internal sealed partial class FunctionTranslator
{
    private const int Comparisons = 10;

    [MethodImpl(Hot)]
    private void Number(Op op)
    {
        switch (op)
        {
            // A slot has no type, and the upper half of a 32-bit integer is undefined.
            case Op.I32WrapI64 or Op.I32ReinterpretF32 or Op.I64ReinterpretF64 or Op.F32ReinterpretI32 or Op.F64ReinterpretI64: break;
            case Op.I32Eqz: EqualsZero(Operation.I32EqConstant); break;
            case Op.I64Eqz: EqualsZero(Operation.I64EqConstant); break;
            case >= Op.I32Eq and <= Op.I32GeU: Compare(op - Op.I32Eq, Operation.I32Eq, Operation.I32EqConstant); break;
            case >= Op.I64Eq and <= Op.I64GeU: Compare(op - Op.I64Eq, Operation.I64Eq, Operation.I64EqConstant); break;
            case Op.I64Add when TryAddToExtended(): break;
            case Op.I32Add or Op.I64Add: Commutative(Operation.I64Add, Operation.AddConstant); break;
            case Op.I32Mul or Op.I64Mul: Commutative(Operation.I64Mul, Operation.MulConstant); break;
            case Op.I32And or Op.I64And: Commutative(Operation.I64And, Operation.AndConstant); break;
            case Op.I32Or or Op.I64Or: Commutative(Operation.I64Or, Operation.OrConstant); break;
            case Op.I32Xor or Op.I64Xor: Commutative(Operation.I64Xor, Operation.XorConstant); break;
            case Op.I32Sub or Op.I64Sub: Subtract(); break;
            case Op.I32Shl: Binary(Operation.I32Shl, Operation.I32ShlConstant); break;
            case Op.I32ShrS: Binary(Operation.I32ShrS, Operation.I32ShrSConstant); break;
            case Op.I32ShrU: Binary(Operation.I32ShrU, Operation.I32ShrUConstant); break;
            case Op.I64Shl: Binary(Operation.I64Shl, Operation.I64ShlConstant); break;
            case Op.I64ShrS: Binary(Operation.I64ShrS, Operation.I64ShrSConstant); break;
            case Op.I64ShrU: Binary(Operation.I64ShrU, Operation.I64ShrUConstant); break;
            case Op.I32Extend8S or Op.I64Extend8S: Unary(Operation.I64Extend8S); break;
            case Op.I32Extend16S or Op.I64Extend16S: Unary(Operation.I64Extend16S); break;
            case Op.I64ExtendI32S or Op.I64Extend32S: Unary(Operation.I64Extend32S); break;
            default: Plain(op); break;
        }
    }

    // What the interpreter has an operation of the same number for.
    [MethodImpl(Hot)]
    private void Plain(Op op)
    {
        if (IsBinary(op))
        {
            Binary((Operation)op);
        }
        else
        {
            Unary((Operation)op);
        }
    }

    private static bool IsBinary(Op op) => op is (>= Op.F32Eq and <= Op.F64Ge) or (>= Op.I32Add and <= Op.I32Rotr) or (>= Op.I64Add and <= Op.I64Rotr)
        or (>= Op.F32Add and <= Op.F32Copysign) or (>= Op.F64Add and <= Op.F64Copysign);

    [MethodImpl(Hot)]
    private void Unary(Operation operation)
    {
        var operand = PopSlot();
        Emit(operation, Locals + _height, operand, 0, At(0));
        PushDefined();
    }

    [MethodImpl(Hot)]
    private void Binary(Operation operation)
    {
        var right = PopSlot();
        var left = PopSlot();
        Emit(operation, Locals + _height, left, right, At(0));
        PushDefined();
    }

    [MethodImpl(Hot)]
    private void Binary(Operation operation, Operation withConstant)
    {
        if (!TryPopConstant(out var constant))
        {
            Binary(operation);
            return;
        }

        var left = PopSlot();
        Emit(withConstant, Locals + _height, left, 0, constant);
        PushDefined();
    }

    [MethodImpl(Hot)]
    private void Commutative(Operation operation, Operation withConstant)
    {
        if (_operands[_height - 2].Place == Place.Constant && _operands[_height - 1].Place != Place.Constant)
        {
            var right = PopSlot();
            TryPopConstant(out var constant);
            Emit(withConstant, Locals + _height, right, 0, constant);
            PushDefined();
            return;
        }

        Binary(operation, withConstant);
    }

    // A constant that is added to what was just extended goes into that step.
    [MethodImpl(Hot)]
    private bool TryAddToExtended()
    {
        var isExtended = _operands[_height - 1].Place == Place.Constant && _operands[_height - 2].Place == Place.Slot && IsDefinedByLast(_height - 2)
            && _steps[_count - 1].Operation == Operation.I64ExtendI32U;
        if (isExtended)
        {
            TryPopConstant(out var constant);
            _steps[_count - 1].Operation = Operation.ExtendAddConstant;
            _steps[_count - 1].Immediate = constant;
        }

        return isExtended;
    }

    [MethodImpl(Hot)]
    private void Subtract()
    {
        if (!TryPopConstant(out var constant))
        {
            Binary(Operation.I64Sub);
            return;
        }

        var left = PopSlot();
        Emit(Operation.AddConstant, Locals + _height, left, 0, 0 - constant);
        PushDefined();
    }

    [MethodImpl(Hot)]
    private void Compare(int comparison, Operation first, Operation firstWithConstant)
    {
        if (_operands[_height - 2].Place == Place.Constant && _operands[_height - 1].Place != Place.Constant)
        {
            var right = PopSlot();
            TryPopConstant(out var constant);
            Emit(Offset(firstWithConstant, Mirrored(comparison)), Locals + _height, right, 0, constant);
            PushDefined();
            return;
        }

        Binary(Offset(first, comparison), Offset(firstWithConstant, comparison));
    }

    [MethodImpl(Hot)]
    private void EqualsZero(Operation compareWithConstant)
    {
        if (_operands[_height - 1].Place == Place.Slot && IsDefinedByLast(_height - 1) && Inverse(_steps[_count - 1].Operation) is { } inverse)
        {
            _steps[_count - 1].Operation = inverse;
            return;
        }

        var operand = PopSlot();
        Emit(compareWithConstant, Locals + _height, operand, 0, 0);
        PushDefined();
    }

    [MethodImpl(Hot)]
    private void Select()
    {
        var condition = PopSlot();
        var right = PopSlot();
        var left = PopSlot();
        Emit(Operation.Select, Locals + _height, left, right, (ulong)condition);
        PushDefined();
    }

    // Whether the operand at a height is the result of the last step, so that this may be changed.
    private bool IsDefinedByLast(int height) => _defined >= 0 && _defined == _count - 1 && _definedHeight == height;

    private static Operation Offset(Operation first, int place) => (Operation)((int)first + place);

    // a < b is b > a.
    private static int Mirrored(int comparison) => comparison switch
    {
        2 or 3 or 6 or 7 => comparison + 2,
        4 or 5 or 8 or 9 => comparison - 2,
        _ => comparison,
    };

    // Eq ↔ Ne, LtS ↔ GeS, LtU ↔ GeU, GtS ↔ LeS, GtU ↔ LeU: by their places among the ten.
    private static int InverseComparison(int comparison) => 
        comparison < 2 ? 1 - comparison : 10 - comparison + ((comparison & 1) * 2);

    // The comparison of integers that gives the opposite; null for anything else.
    private static Operation? Inverse(Operation operation)
    {
        foreach (var first in (ReadOnlySpan<Operation>)[Operation.I32Eq, Operation.I64Eq, Operation.I32EqConstant, Operation.I64EqConstant])
        {
            if ((uint)(operation - first) < Comparisons)
            {
                return Offset(first, InverseComparison(operation - first));
            }
        }

        return null;
    }
}
