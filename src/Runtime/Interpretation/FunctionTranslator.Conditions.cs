using System.Runtime.CompilerServices;

namespace HostService.Runtime.Interpretation;

/// <content>Conditions of jumps: a comparison of integers that was just made becomes part of the jump.</content>
internal sealed partial class FunctionTranslator
{
    /// <summary>Pops an operand and gives the jump that is taken when it is not 0; its target is to be filled in.</summary>
    [MethodImpl(Hot)]
    private Step PopCondition()
    {
        if (_operands[_height - 1].Place == Place.Slot && IsDefinedByLast(_height - 1) && JumpOf(in _steps[_count - 1]) is { } jump)
        {
            Pop();
            _count--;
            _defined = None;
            return jump;
        }

        return new Step { Operation = Operation.JumpIf, B = (ushort)PopSlot() };
    }

    [MethodImpl(Hot)]
    private static Step? JumpOf(in Step comparison)
    {
        var operation = comparison.Operation;
        if (IsComparison(operation, Operation.I32Eq, out var place))
        {
            return new Step { Operation = Offset(Operation.JumpIfI32Eq, place), B = comparison.B, C = comparison.C };
        }

        if (IsComparison(operation, Operation.I64Eq, out place))
        {
            return new Step { Operation = Offset(Operation.JumpIfI64Eq, place), B = comparison.B, C = comparison.C };
        }

        if (IsComparison(operation, Operation.I32EqConstant, out place))
        {
            return new Step { Operation = Offset(Operation.JumpIfI32EqConstant, place), B = comparison.B, High = comparison.Low };
        }

        return IsComparison(operation, Operation.I64EqConstant, out place) && (long)comparison.Immediate == comparison.Low
            ? new Step { Operation = Offset(Operation.JumpIfI64EqConstant, place), B = comparison.B, High = comparison.Low }
            : null;
    }

    private static bool IsComparison(Operation operation, Operation first, out int place) => (uint)(place = operation - first) < Comparisons;

    private static Step Inverted(Step jump)
    {
        jump.Operation = jump.Operation switch
        {
            Operation.JumpIf => Operation.JumpUnless,
            < Operation.JumpIfI64Eq => Inverted(jump.Operation, Operation.JumpIfI32Eq),
            < Operation.JumpIfI32EqConstant => Inverted(jump.Operation, Operation.JumpIfI64Eq),
            < Operation.JumpIfI64EqConstant => Inverted(jump.Operation, Operation.JumpIfI32EqConstant),
            _ => Inverted(jump.Operation, Operation.JumpIfI64EqConstant),
        };
        return jump;
    }

    private static Operation Inverted(Operation jump, Operation first) => Offset(first, InverseComparison(jump - first));
}
