using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Structures: objects of a CLR class for each type, with a typed field for each field. See docs/wasm-to-il.md, section 13.</content>
internal sealed partial class FunctionCompiler
{
    private void EmitStructNew(int type)
    {
        // o = new T(); o.f0 = …; the values lie below what is stored to, so they wait.
        var reference = _layout.Heap[type];
        var values = new Operand[reference.Fields.Length];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            values[i] = TakeTop();
        }

        Settle(0, beforeResult: true);
        New(reference);
        for (var i = 0; i < values.Length; i++)
        {
            _il.Dup();
            Load(values[i]);
            _il.Call(ILOpCode.Stfld, reference.Fields[i], arguments: 2, ILType.Void);
        }

        PushStack(ValueKind.Ref);
    }

    private void EmitStructNewDefault(int type)
    {
        Settle(0, beforeResult: true);
        New(_layout.Heap[type]);
        PushStack(ValueKind.Ref);
    }

    private void EmitStructGet(in Instruction instruction)
    {
        var reference = _layout.Heap[instruction.Index];
        var kind = reference.Kinds[instruction.Index2];
        var target = TakeNonNull(TrapCode.NullStructReference);
        Settle(0, beforeResult: true);
        Load(target);
        _il.Call(ILOpCode.Ldfld, reference.Fields[instruction.Index2], arguments: 1, StackType(kind));
        if (instruction.Op == Op.StructGetS)
        {
            _il.Op(kind == ElementKind.I8 ? ILOpCode.Conv_i1 : ILOpCode.Conv_i2);
        }

        PushStack((ValueKind)StackType(kind));
    }

    private void EmitStructSet(in Instruction instruction)
    {
        var value = TakeTop();
        var target = TakeNonNull(TrapCode.NullStructReference);
        Load(target);
        Load(value);
        _il.Call(ILOpCode.Stfld, _layout.Heap[instruction.Index].Fields[instruction.Index2], arguments: 2, ILType.Void);
    }

    // Intrinsics.Counted(new T(), bytes, state, offset)
    private void New(HeapReference reference)
    {
        _il.Call(ILOpCode.Newobj, reference.MakeToken, arguments: 0, ILType.Object);
        _il.Ldc(Intrinsics.ObjectHeaderBytes + reference.ContentBytes);
        LoadState();
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic("Counted"));
    }

    /// <summary>What the IL stack has for a field or element: packed ones are 32-bit integers.</summary>
    private static ILType StackType(ElementKind kind) => kind switch
    {
        ElementKind.I8 or ElementKind.I16 or ElementKind.I32 => ILType.Int32,
        ElementKind.I64 => ILType.Int64,
        ElementKind.F32 => ILType.Float32,
        ElementKind.F64 => ILType.Float64,
        ElementKind.V128 => ILType.Vector128,
        _ => ILType.Object,
    };

    /// <summary>An instruction that is a call of the intrinsic of its name.</summary>
    private void EmitIntrinsic(Op op, int pops, ValueKind result)
    {
        Settle(pops, beforeResult: true);
        _il.Call(Members.Intrinsic(op));
        Consume(pops);
        PushStack(result);
    }
}
