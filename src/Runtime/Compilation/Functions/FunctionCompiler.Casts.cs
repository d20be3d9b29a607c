using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Tests and casts of references: a CLR type check where the type is a class or an array, else an intrinsic.</content>
internal sealed partial class FunctionCompiler
{
    private void EmitTest(ValueType type)
    {
        var reference = TakeTop();
        Settle(0, beforeResult: true);
        LoadTest(reference, type);
        PushStack(ValueKind.I32);
    }

    private void EmitCast(ValueType type)
    {
        // if (!(reference is T)) throw Traps.Trap(CastFailure, offset);
        var reference = TakeTop();
        LoadTest(reference, type);
        _il.Branch(ILOpCode.Brfalse, TrapStub(TrapCode.CastFailure));
        Settle(0, beforeResult: true);
        Load(reference);
        PushStack(ValueKind.Ref);
    }

    private void EmitBranchOnCast(in Instruction instruction, bool whenIs)
    {
        // The reference is the label's last argument, and stays when the branch is not taken.
        var reference = TakeTop();
        SpillStack();
        Push(reference);
        LoadTest(reference, instruction.Type2);
        var test = StoreTemporary(ValueKind.I32);
        if (whenIs)
        {
            BranchOn(ILOpCode.Brtrue, ILOpCode.Brfalse, test, instruction.Index);
        }
        else
        {
            BranchOn(ILOpCode.Brfalse, ILOpCode.Brtrue, test, instruction.Index);
        }

        _height--;
        Load(reference);
        PushStack(ValueKind.Ref);
    }

    private void EmitI31Get(Op op)
    {
        var reference = TakeNonNull(TrapCode.NullI31Reference);
        Settle(0, beforeResult: true);
        Load(reference);
        _il.Ldfld(Members.I31Value);
        if (op == Op.I31GetU)
        {
            _il.Ldc(int.MaxValue);
            _il.Op(ILOpCode.And);
        }

        PushStack(ValueKind.I32);
    }

    private void EmitInternalize()
    {
        Settle(1, beforeResult: true);
        LoadState();
        _il.Call(Members.Intrinsic(Op.AnyConvertExtern));
        Consume(1);
        PushStack(ValueKind.Ref);
    }

    /// <summary>Puts 1 on the IL stack when a reference is of a type, else 0.</summary>
    private void LoadTest(in Operand reference, ValueType type)
    {
        Load(reference);
        var heapType = type.HeapType;
        switch (heapType.Kind)
        {
            case HeapKind.Any or HeapKind.Func or HeapKind.Extern or HeapKind.Exn:
                // The hierarchy's top: validation proved that the reference is in it.
                IsNotNull();
                break;
            case HeapKind.Eq:
                _il.Call(Members.Intrinsic("IsEq"));
                break;
            case HeapKind.I31: IsInstance(SignatureWriter.I31Token); break;
            case HeapKind.Struct: IsInstance(SignatureWriter.StructObjectToken); break;
            case HeapKind.Array: IsInstance(SignatureWriter.ArrayToken); break;
            case HeapKind.Index: IsDefined(heapType.Id); break;
            default:
                // The hierarchy's bottom has no values but null.
                _il.Op(ILOpCode.Pop);
                _il.Ldc(0);
                break;
        }

        if (type.IsNullable)
        {
            Load(reference);
            _il.Op(ILOpCode.Ldnull);
            _il.Op(ILOpCode.Ceq);
            _il.Op(ILOpCode.Or);
        }
    }

    private void IsDefined(int type)
    {
        var defined = _layout.Module.Types[type];
        if (defined.Composite is StructComposite || (defined.Composite is ArrayComposite && defined.IsFinal))
        {
            IsInstance(_layout.Heap[type].TypeToken);
            return;
        }

        LoadState();
        _il.Ldc(type);
        _il.Call(Members.Intrinsic(defined.Composite is FuncComposite ? "IsFunction" : "IsArray"));
    }

    private void IsInstance(int token)
    {
        _il.Call(ILOpCode.Isinst, token, arguments: 1, ILType.Object);
        IsNotNull();
    }

    private void IsNotNull()
    {
        _il.Op(ILOpCode.Ldnull);
        _il.Op(ILOpCode.Cgt_un);
    }
}
