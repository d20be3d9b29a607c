using System.Reflection.Metadata;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Calls. The state comes after the arguments, so that they stay where they are.</content>
internal sealed partial class FunctionCompiler
{
    private void EmitCall(int function)
    {
        var type = _layout.Module.FunctionTypes[function];
        var signature = _layout.SignatureOf(type);
        SettleArguments(signature);
        CallFunction(function, type, signature);
        FinishCall(signature);
    }

    private void EmitCallIndirect(int type, int table)
    {
        var signature = _layout.SignatureOf(type);
        var callee = TakeCallTarget(type, table, signature, beforeResult: signature.Results.Length > 0);
        CallReference(callee, type, signature);
        FinishCall(signature);
    }

    private void EmitCallRef(int type)
    {
        var signature = _layout.SignatureOf(type);
        var callee = TakeNonNull(TrapCode.NullFunctionReference);
        SettleArguments(signature);
        CallReference(callee, type, signature);
        FinishCall(signature);
    }

    private void EmitReturnCall(int function)
    {
        var type = _layout.Module.FunctionTypes[function];
        var signature = _layout.SignatureOf(type);
        if (DeferTailCall(Op.ReturnCall, function, 0, signature.Parameters.Length))
        {
            return;
        }

        SettleTailArguments(signature.Parameters.Length);
        CallFunction(function, type, signature, isTail: true);
        FinishTailCall(signature.Parameters.Length);
    }

    private void EmitReturnCallIndirect(int type, int table)
    {
        var signature = _layout.SignatureOf(type);
        if (DeferTailCall(Op.ReturnCallIndirect, type, table, signature.Parameters.Length + 1))
        {
            return;
        }

        SettleTailArguments(signature.Parameters.Length + 1);
        var callee = TakeCallTarget(type, table, signature, beforeResult: false);
        CallReference(callee, type, signature, isTail: true);
        FinishTailCall(signature.Parameters.Length);
    }

    private void EmitReturnCallRef(int type)
    {
        var signature = _layout.SignatureOf(type);
        if (DeferTailCall(Op.ReturnCallRef, type, 0, signature.Parameters.Length + 1))
        {
            return;
        }

        var callee = TakeNonNull(TrapCode.NullFunctionReference);
        SettleTailArguments(signature.Parameters.Length);
        CallReference(callee, type, signature, isTail: true);
        FinishTailCall(signature.Parameters.Length);
    }

    private void SettleArguments(Signature signature) =>
        Settle(signature.Parameters.Length, beforeResult: signature.Results.Length > 0);

    // A tail call needs its arguments and nothing else on the IL stack.
    private void SettleTailArguments(int count)
    {
        for (var i = _height - count - 1; i >= 0 && _il.Depth > 0; i--)
        {
            if (_operands[i].Place == OperandPlace.Stack)
            {
                SpillStack();
            }
        }

        Settle(count, beforeResult: false);
    }

    private void CallFunction(int function, int type, Signature signature, bool isTail = false)
    {
        var imported = _layout.Module.ImportedFunctionCount;
        if (function < imported)
        {
            // callee = state.ImportedFunctions[function];
            LoadState();
            _il.Ldfld(Members.StateImportedFunctions);
            LoadElementAddress(function, nint.Size);
            _il.Op(ILOpCode.Ldind_ref);
            CallReference(StoreTemporary(ValueKind.Ref), type, signature, isTail);
            return;
        }

        LoadState();
        Call(ILOpCode.Call, _methodToken(function - imported), signature, extraArguments: 1, isTail);
    }

    /// <summary>Calls through a reference that is not null, with the arguments on the IL stack.</summary>
    private void CallReference(in Operand callee, int type, Signature signature, bool isTail = false)
    {
        // callee.Code(arguments…, callee.State ?? state)
        Load(callee);
        LoadState();
        _il.Call(Members.StateOf);
        Load(callee);
        _il.Ldfld(Members.FuncRefCode);
        Call(ILOpCode.Calli, ImageBuilder.CallSiteToken(type), signature, extraArguments: 2, isTail);
    }

    private void Call(ILOpCode code, int token, Signature signature, int extraArguments, bool isTail)
    {
        if (isTail)
        {
            _il.Op(ILOpCode.Tail);
        }

        _il.Call(code, token, signature.Parameters.Length + extraArguments, signature.ReturnType);
        _callCount++;
        NoteSite(AddressSiteKind.Call);
    }

    private void FinishCall(Signature signature)
    {
        Consume(signature.Parameters.Length);
        for (var i = 0; i < signature.Results.Length; i++)
        {
            if (i > 0)
            {
                LoadResult(i - 1, signature.Results[i]);
            }

            PushStack(signature.Results[i]);
        }

        SeparateCall(signature);
    }

    private void FinishTailCall(int arguments)
    {
        Consume(arguments);
        _il.Ret(_signature.ReturnType);
        BecomeDead();
    }

    /// <summary>Takes the index of an indirect call away and finds what it calls, with the arguments left on the IL stack.</summary>
    private Operand TakeCallTarget(int type, int table, Signature signature, bool beforeResult)
    {
        // callee = Intrinsics.CallTarget(index, table, state.TypeIds[type], offset);
        Settle(signature.Parameters.Length + 1, beforeResult);
        Consume(1);
        if (!_layout.Module.Tables[table].Type.Is64)
        {
            _il.Op(ILOpCode.Conv_u8);
        }

        LoadTable(table);
        LoadState();
        _il.Ldfld(Members.StateTypeIds);
        LoadElementAddress(type, sizeof(int));
        _il.Op(ILOpCode.Ldind_i4);
        _il.Ldc(_offset);
        _il.Call(Members.CallTarget);
        return StoreTemporary(ValueKind.Ref);
    }

    /// <summary>Takes a reference away, or traps when it is null.</summary>
    private Operand TakeNonNull(TrapCode code)
    {
        // if (reference == null) throw Traps.Trap(code, offset);
        var reference = TakeTop();
        Load(reference);
        _il.Branch(ILOpCode.Brfalse, TrapStub(code));
        return reference;
    }

    // store.Results[slot] on the IL stack. ResultSlot's fields are at fixed places: see ResultLayout.
    private void LoadResult(int slot, ValueKind kind)
    {
        if (kind == ValueKind.Ref)
        {
            LoadState();
            _il.Ldc(slot);
            _il.Call(Members.Intrinsic("TakeReference"));
            return;
        }

        LoadResultAddress(slot);
        LoadIndirect(kind);
    }

    private void StoreResult(int slot, in Operand value)
    {
        if (value.Kind == ValueKind.Ref)
        {
            Load(value);
            LoadState();
            _il.Ldc(slot);
            _il.Call(Members.Intrinsic("LeaveReference"));
            return;
        }

        LoadResultAddress(slot);
        Load(value);
        StoreIndirect(value.Kind);
    }

    private void LoadResultAddress(int slot)
    {
        LoadState();
        _il.Ldfld(Members.StateStore);
        _il.Ldfld(Members.StoreResults);
        _il.Ldflda(Members.ArrayData);
        _il.LdcNative(((long)slot * ResultLayout.Bytes) + ResultLayout.NumberOffset);
        _il.Op(ILOpCode.Add);
    }
}
