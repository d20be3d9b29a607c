using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>References, casts, and the branches that test references.</content>
internal sealed partial class FunctionValidator
{
    private static ValueType AnyNull(HeapKind kind) => ValueType.Ref(new HeapType(kind), nullable: true);

    /// <summary>Checks that a type which the function names exists.</summary>
    private void CheckType(ValueType type)
    {
        if (type.IsRef && type.HeapType is { Kind: HeapKind.Index, Id: var index } && index >= _syntax.Types.Length)
        {
            ThrowInvalid($"unknown type {index}");
        }
    }

    private void CheckRefNull(ValueType type)
    {
        CheckType(type);
        Operands.Push(type);
    }

    private void CheckRefIsNull()
    {
        PopReference();
        Operands.Push(ValueType.I32);
    }

    private void CheckRefFunc(int function)
    {
        if ((uint)function >= (uint)_syntax.FunctionCount)
        {
            ThrowInvalid($"unknown function {function}");
        }

        if (!_context.DeclaredFunctions[function])
        {
            ThrowInvalid($"undeclared function reference: function {function} occurs neither in an export, a global, a table nor an element segment");
        }

        Operands.Push(Reference(_syntax.FunctionTypes[function], nullable: false));
    }

    private void CheckRefAsNonNull() => Operands.Push(NonNull(PopReference()));

    // What was taken from the empty stack of unreachable code is now known to be a reference, but not to what.
    private static ValueType NonNull(ValueType type) => type.IsRef ? type.AsNonNull() : TypeRelations.BottomReference;

    private void CheckBrOnNull(int label)
    {
        var type = PopReference();
        var types = LabelFrame(label).LabelTypes;
        PopOperands(types);
        Operands.Push(types);
        Operands.Push(NonNull(type));
    }

    private void CheckBrOnNonNull(int label)
    {
        var types = LabelFrame(label).LabelTypes;
        if (types.IsEmpty || !types[^1].IsRef)
        {
            ThrowInvalid($"type mismatch: br_on_non_null requires a label that takes a reference but it takes [{Join(types)}]");
        }

        var type = NonNull(PopReference());
        if (!_relations.IsSubtype(type, types[^1]))
        {
            ThrowMismatch(types[^1], type);
        }

        PopOperands(types[..^1]);
        Operands.Push(types[..^1]);
    }

    private void CheckRefTest(ValueType target)
    {
        PopCastOperand(target);
        Operands.Push(ValueType.I32);
    }

    private void CheckRefCast(ValueType target)
    {
        PopCastOperand(target);
        Operands.Push(target);
    }

    // Anything of the target's hierarchy can be cast to it.
    private void PopCastOperand(ValueType target)
    {
        CheckType(target);
        PopOperand(AnyNull(_relations.Top(target.HeapType)));
    }

    private void CheckBrOnCast(in Instruction instruction) => CheckBranchOnCast(in instruction, branchesOnSuccess: true);

    private void CheckBrOnCastFail(in Instruction instruction) => CheckBranchOnCast(in instruction, branchesOnSuccess: false);

    private void CheckBranchOnCast(in Instruction instruction, bool branchesOnSuccess)
    {
        var (source, target) = (instruction.Type, instruction.Type2);
        CheckType(source);
        CheckType(target);
        if (!_relations.IsSubtype(target, source))
        {
            ThrowInvalid($"type mismatch: the target {target} of a cast is no subtype of its source {source}");
        }

        // A null that the target takes is not left over when the cast fails.
        var failed = target.IsNullable ? source.AsNonNull() : source;
        var (branched, left) = branchesOnSuccess ? (target, failed) : (failed, target);
        var types = LabelFrame(instruction.Index).LabelTypes;
        if (types.IsEmpty || !_relations.IsSubtype(branched, types[^1]))
        {
            ThrowInvalid($"type mismatch: the branch gives {branched} but its label takes [{Join(types)}]");
        }

        PopOperand(source);
        PopOperands(types[..^1]);
        Operands.Push(types[..^1]);
        Operands.Push(left);
    }

    private void CheckConversion(HeapKind from, HeapKind to)
    {
        var operand = Operands.Count > _height ? Operands[0] : default;
        PopOperand(AnyNull(from));
        Operands.Push(ValueType.Ref(new HeapType(to), operand.IsNullable));
    }
}
