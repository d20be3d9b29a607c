using System.Diagnostics;
using HostService.Runtime.Execution.Globals;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution;

/// <summary>Evaluates the constant expressions of a valid module in an instance that is being made.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions">Spec: constant expressions</see></remarks>
internal static class ConstEvaluator
{
    // A trap here is none of an instruction of a function's: no function is active while an instance is made, and where an element is only made when a bulk instruction asks for it, that is where the trap is.
    private const int NoInstruction = -1;

    /// <summary>The value of an expression. References are as guests see them.</summary>
    public static Value Evaluate(InstanceState instance, in ConstExpr expression) => expression.Kind switch
    {
        ConstExprKind.I32 => Value.FromI32((int)expression.Bits),
        ConstExprKind.I64 => Value.FromI64((long)expression.Bits),
        ConstExprKind.F32 => new Value { KindTag = ValueKind.F32, Low = (uint)expression.Bits },
        ConstExprKind.F64 => new Value { KindTag = ValueKind.F64, Low = expression.Bits },
        ConstExprKind.GlobalGet => GlobalValue(instance, (int)expression.Bits),
        ConstExprKind.RefFunc => Value.FromRef(instance.FunctionRef((int)expression.Bits)),
        ConstExprKind.RefNull => Value.FromRef(null),
        _ => Execute(instance, expression),
    };

    /// <summary>The value of a global of an instance, imported or its own.</summary>
    public static Value GlobalValue(InstanceState instance, int index)
    {
        var cell = instance.Module!.GlobalCellOf(instance, index);
        return GlobalAccess.Read(cell);
    }

    private static Value Execute(InstanceState instance, in ConstExpr expression)
    {
        var module = instance.Module!.Syntax;
        var reader = expression.Read(module.Binary.Span, module.Features);
        var instruction = default(Instruction);
        var stack = new Stack<Value>();
        while (reader.Read(ref instruction) && instruction.Op != Op.End)
        {
            // Two bytes can ask for a structure of 10,000 fields, and a module has room for millions of them.
            Interrupts.PollIn(instance.Store, offset: null);
            stack.Push(Step(instance, instruction, stack));
        }

        return stack.Pop();
    }

    private static Value Step(InstanceState instance, in Instruction instruction, Stack<Value> stack)
    {
        switch (instruction.Op)
        {
            case Op.I32Const: return Value.FromI32((int)instruction.Immediate);
            case Op.I64Const: return Value.FromI64((long)instruction.Immediate);
            case Op.F32Const: return new Value { KindTag = ValueKind.F32, Low = (uint)instruction.Immediate };
            case Op.F64Const: return new Value { KindTag = ValueKind.F64, Low = instruction.Immediate };
            case Op.V128Const: return new Value { KindTag = ValueKind.V128, Low = instruction.Immediate, High = instruction.ImmediateHigh };
            case Op.GlobalGet: return GlobalValue(instance, instruction.Index);
            case Op.RefFunc: return Value.FromRef(instance.FunctionRef(instruction.Index));
            case Op.RefNull: return Value.FromRef(null);
        }

        if (instruction.Info.Group == InstructionGroup.Gc)
        {
            return Make(instance, instruction, stack);
        }

        var right = stack.Pop();
        var left = stack.Pop();
        return instruction.Op switch
        {
            Op.I32Add => Value.FromI32(left.I32 + right.I32),
            Op.I32Sub => Value.FromI32(left.I32 - right.I32),
            Op.I32Mul => Value.FromI32(left.I32 * right.I32),
            Op.I64Add => Value.FromI64(left.I64 + right.I64),
            Op.I64Sub => Value.FromI64(left.I64 - right.I64),
            Op.I64Mul => Value.FromI64(left.I64 * right.I64),
            _ => throw new UnreachableException($"{instruction} is no constant instruction."),
        };
    }

    private static Value Make(InstanceState instance, in Instruction instruction, Stack<Value> stack)
    {
        var registry = instance.Store.Engine.Signatures;
        switch (instruction.Op)
        {
            case Op.RefI31: return Value.FromRef(I31.From(stack.Pop().I32));
            case Op.AnyConvertExtern: return Value.FromRef(Intrinsics.Internalize(stack.Pop().Ref, instance.Store.Engine));
            case Op.ExternConvertAny: return Value.FromRef(Intrinsics.ExternConvertAny(stack.Pop().Ref));
        }

        var id = instance.TypeIds[instruction.Index];
        switch (instruction.Op)
        {
            case Op.StructNew or Op.StructNewDefault: return Value.FromRef(MakeStruct(instance, instruction, id, stack));
        }

        var bytes = ElementKinds.Bytes(ElementKinds.Of(((ArrayComposite)registry.Composite(id)).Element.Storage));
        object array;
        if (instruction.Op == Op.ArrayNewFixed)
        {
            array = HeapObjects.NewArray(registry, id, Pop(stack, instruction.Index2));
        }
        else
        {
            var length = Intrinsics.ArrayLength(stack.Pop().I32, bytes, instance, NoInstruction);
            array = instruction.Op == Op.ArrayNew ? HeapObjects.NewArray(registry, id, stack.Pop(), length) : HeapObjects.NewArray(registry, id, length);
        }

        return Value.FromRef(Intrinsics.CountedArray(array, bytes, instance, NoInstruction));
    }

    private static object MakeStruct(InstanceState instance, in Instruction instruction, int id, Stack<Value> stack)
    {
        var registry = instance.Store.Engine.Signatures;
        var type = (StructComposite)registry.Composite(id);
        var made = HeapObjects.NewStruct(registry, id, instruction.Op == Op.StructNew ? Pop(stack, type.Fields.Length) : []);
        return Intrinsics.Counted(made, HeapObjects.BytesOf(type), instance, NoInstruction);
    }

    private static Value[] Pop(Stack<Value> stack, int count)
    {
        var values = new Value[count];
        for (var i = count - 1; i >= 0; i--)
        {
            values[i] = stack.Pop();
        }

        return values;
    }
}
