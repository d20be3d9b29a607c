using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Arrays: CLR arrays whose element type is a structure around one value. They have the layout of arrays of that value and are used as such.</content>
internal sealed partial class FunctionCompiler
{
    private void EmitArrayNew(int type)
    {
        // a = new E[length]; ArrayFill(a, 0, value, length);
        var reference = _layout.Heap[type];
        var length = TakeTop();
        var value = TakeTop();
        Settle(0, beforeResult: true);
        NewArray(reference, length);
        var array = StoreTemporary(ValueKind.Ref);
        Load(array);
        _il.Ldc(0);
        Load(value);
        Load(length);
        CallFill(reference.Kinds[0]);
        Load(array);
        PushStack(ValueKind.Ref);
    }

    private void EmitArrayNewDefault(int type)
    {
        var length = TakeTop();
        Settle(0, beforeResult: true);
        NewArray(_layout.Heap[type], length);
        PushStack(ValueKind.Ref);
    }

    private void EmitArrayNewFixed(int type, int count)
    {
        var reference = _layout.Heap[type];
        var values = new Operand[count];
        for (var i = count - 1; i >= 0; i--)
        {
            values[i] = TakeTop();
        }

        Settle(0, beforeResult: true);
        _il.Ldc(count);
        EmitNewArray(reference);
        for (var i = 0; i < count; i++)
        {
            _il.Dup();
            StoreElement(reference.Kinds[0], new Operand(ValueKind.I32, OperandPlace.Constant, Bits: (ulong)i), values[i]);
        }

        PushStack(ValueKind.Ref);
    }

    private void EmitArrayNewSegment(in Instruction instruction)
    {
        // a = new E[ArrayDataLength(from, count, state, segment, …)]; ArrayInitData(a, 0, from, count, …);
        var reference = _layout.Heap[instruction.Index];
        var isData = instruction.Op == Op.ArrayNewData;
        var count = TakeTop();
        var from = TakeTop();
        Settle(0, beforeResult: true);
        Load(from);
        Load(count);
        LoadSegment(reference, instruction.Index2, isData);
        _il.Call(Members.Intrinsic(isData ? "ArrayDataLength" : "ArrayElemLength"));
        CheckLength(reference);
        EmitNewArray(reference);
        var array = StoreTemporary(ValueKind.Ref);
        Load(array);
        _il.Ldc(0);
        Load(from);
        Load(count);
        LoadSegment(reference, instruction.Index2, isData);
        _il.Call(Members.Intrinsic(isData ? Op.ArrayInitData : Op.ArrayInitElem));
        Load(array);
        PushStack(ValueKind.Ref);
    }

    private void EmitArrayInit(in Instruction instruction)
    {
        var reference = _layout.Heap[instruction.Index];
        var isData = instruction.Op == Op.ArrayInitData;
        var count = TakeTop();
        var from = TakeTop();
        var start = TakeTop();
        var array = TakeNonNull(TrapCode.NullArrayReference);
        EmitPoll();
        Load(array);
        Load(start);
        Load(from);
        Load(count);
        LoadSegment(reference, instruction.Index2, isData);
        _il.Call(Members.Intrinsic(instruction.Op));
    }

    private void EmitArrayGet(in Instruction instruction)
    {
        var kind = _layout.Heap[instruction.Index].Kinds[0];
        var (array, index) = TakeElement();
        Settle(0, beforeResult: true);
        Load(array);
        Load(index);
        LoadElement(kind, isSigned: instruction.Op == Op.ArrayGetS);
        PushStack((ValueKind)StackType(kind));
    }

    private void EmitArraySet(int type)
    {
        var value = TakeTop();
        var (array, index) = TakeElement();
        Load(array);
        StoreElement(_layout.Heap[type].Kinds[0], index, value);
    }

    private void EmitArrayLength()
    {
        var array = TakeNonNull(TrapCode.NullArrayReference);
        Settle(0, beforeResult: true);
        LoadLength(array);
        PushStack(ValueKind.I32);
    }

    private void EmitArrayFill(int type)
    {
        var count = TakeTop();
        var value = TakeTop();
        var start = TakeTop();
        var array = TakeNonNull(TrapCode.NullArrayReference);
        EmitPoll();
        Load(array);
        Load(start);
        Load(value);
        Load(count);
        CallFill(_layout.Heap[type].Kinds[0]);
    }

    private void EmitArrayCopy(int type)
    {
        var kind = _layout.Heap[type].Kinds[0];
        var count = TakeTop();
        var fromStart = TakeTop();
        var from = TakeTop();
        var toStart = TakeTop();
        var to = TakeNonNull(TrapCode.NullArrayReference);
        Load(from);
        _il.Branch(ILOpCode.Brfalse, TrapStub(TrapCode.NullArrayReference));
        EmitPoll();
        Load(to);
        Load(toStart);
        Load(from);
        Load(fromStart);
        Load(count);
        if (kind != ElementKind.Ref)
        {
            _il.Ldc(ElementKinds.Bytes(kind));
        }

        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic(kind == ElementKind.Ref ? "ArrayCopyRef" : "ArrayCopyBytes"));
    }

    // Interrupts.Poll(state, offset); A line of such instructions without a loop may be a million long, and each may take a while.
    private void EmitPoll()
    {
        LoadState();
        _il.Ldc(_offset);
        _il.Call(Members.Poll);
    }

    /// <summary>Takes an index and an array away, once the index is known to be inside.</summary>
    private (Operand Array, Operand Index) TakeElement()
    {
        // if (array == null) throw …; if ((uint)index >= (uint)array.Length) throw …; RyuJIT then leaves its own checks out.
        var index = TakeTop();
        var array = TakeNonNull(TrapCode.NullArrayReference);
        Load(index);
        LoadLength(array);
        _il.Branch(ILOpCode.Bge_un, TrapStub(TrapCode.OutOfBoundsArrayAccess));
        return (array, index);
    }

    private void LoadLength(in Operand array)
    {
        Load(array);
        _il.Op(ILOpCode.Ldlen);
        _il.Op(ILOpCode.Conv_i4);
    }

    private void NewArray(HeapReference reference, in Operand length)
    {
        Load(length);
        CheckLength(reference);
        EmitNewArray(reference);
    }

    // Intrinsics.CountedArray(new E[length], bytes of an element, state, offset)
    private void EmitNewArray(HeapReference reference)
    {
        _il.Call(ILOpCode.Newarr, reference.MakeToken, arguments: 1, ILType.Object);
        _il.Ldc(ElementKinds.Bytes(reference.Kinds[0]));
        LoadState();
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic("CountedArray"));
    }

    // ArrayLength(length, bytes of an element, state, offset)
    private void CheckLength(HeapReference reference)
    {
        _il.Ldc(ElementKinds.Bytes(reference.Kinds[0]));
        LoadState();
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic("ArrayLength"));
    }

    private void LoadSegment(HeapReference reference, int segment, bool isData)
    {
        LoadState();
        _il.Ldc(segment);
        if (isData)
        {
            _il.Ldc(ElementKinds.Bytes(reference.Kinds[0]));
        }

        _il.Ldc(_offset);
    }

    private void CallFill(ElementKind kind)
    {
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic($"ArrayFill{kind}"));
    }

    // IL stack: [array, index] → [value]
    private void LoadElement(ElementKind kind, bool isSigned)
    {
        switch (kind)
        {
            case ElementKind.I8: _il.Op(isSigned ? ILOpCode.Ldelem_i1 : ILOpCode.Ldelem_u1); break;
            case ElementKind.I16: _il.Op(isSigned ? ILOpCode.Ldelem_i2 : ILOpCode.Ldelem_u2); break;
            case ElementKind.I32: _il.Op(ILOpCode.Ldelem_i4); break;
            case ElementKind.I64: _il.Op(ILOpCode.Ldelem_i8); break;
            case ElementKind.F32: _il.Op(ILOpCode.Ldelem_r4); break;
            case ElementKind.F64: _il.Op(ILOpCode.Ldelem_r8); break;
            case ElementKind.V128:
                _il.Call(ILOpCode.Ldelem, SignatureWriter.Vector128Token, arguments: 2, ILType.Vector128);
                break;
            default:
                _il.Call(ILOpCode.Ldelema, SignatureWriter.RefSlotToken, arguments: 2, ILType.Native);
                _il.Ldfld(Members.RefSlotValue);
                break;
        }
    }

    // IL stack: [array] → []
    private void StoreElement(ElementKind kind, in Operand index, in Operand value)
    {
        Load(index);
        if (kind == ElementKind.Ref)
        {
            _il.Call(ILOpCode.Ldelema, SignatureWriter.RefSlotToken, arguments: 2, ILType.Native);
            Load(value);
            _il.Stfld(Members.RefSlotValue);
            return;
        }

        Load(value);
        switch (kind)
        {
            case ElementKind.I8: _il.Op(ILOpCode.Stelem_i1); break;
            case ElementKind.I16: _il.Op(ILOpCode.Stelem_i2); break;
            case ElementKind.I32: _il.Op(ILOpCode.Stelem_i4); break;
            case ElementKind.I64: _il.Op(ILOpCode.Stelem_i8); break;
            case ElementKind.F32: _il.Op(ILOpCode.Stelem_r4); break;
            case ElementKind.F64: _il.Op(ILOpCode.Stelem_r8); break;
            default: _il.Call(ILOpCode.Stelem, SignatureWriter.Vector128Token, arguments: 3, ILType.Void); break;
        }
    }
}
