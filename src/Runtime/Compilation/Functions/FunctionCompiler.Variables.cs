using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Locals, globals and parametric instructions.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>How many accesses to globals find them anew; with more, a managed pointer to the numbers is kept. A C function saves and restores its stack pointer, no more.</summary>
    private const int MaxPlainGlobalAccesses = 2;

    private int _declaredLocals;
    private int _globalAccesses;
    private int _globalsLocal = -1;

    // WebAssembly's locals that are no arguments are the first IL locals.
    private void DeclareLocals()
    {
        var parameters = _localArguments;
        if (_locals.Count > _pendingReads.Length)
        {
            Array.Resize(ref _pendingReads, Math.Max(_locals.Count, _pendingReads.Length * 2));
        }

        // Operands that are dropped without being loaded leave no reads behind, but a function that was given up half-way may.
        Array.Clear(_pendingReads, 0, _locals.Count);
        _allPendingReads = 0;
        ClearTouches(_locals.Count);
        var local = parameters;
        foreach (var run in _locals.Runs)
        {
            for (; local < run.End; local++)
            {
                NewLocal((ILType)run.Type.Kind);
            }
        }

        _declaredLocals = _locals.Count - parameters;
    }

    private ValueKind KindOfLocal(int local) =>
        local < _localArguments ? _signature.Parameters[local] : (ValueKind)_il.Locals[local - _localArguments];

    private void LoadLocal(int local)
    {
        var parameters = _localArguments;
        if (local < parameters)
        {
            _il.Ldarg(local, _arguments[local]);
        }
        else
        {
            _il.Ldloc(local - parameters);
        }
    }

    private void StoreLocal(int local)
    {
        var parameters = _localArguments;
        if (local < parameters)
        {
            _il.Starg(local, _arguments[local]);
        }
        else
        {
            _il.Stloc(local - parameters);
        }
    }

    private void EmitLocalGet(int local)
    {
        NoteAccess(local, isSet: false);
        PushLocal(local);
    }

    private void EmitLocalSet(int local)
    {
        // local = value;
        NoteAccess(local, isSet: true);
        var value = _operands[_height - 1];
        _mustNotFold = true;
        Settle(1, beforeResult: false);
        _mustNotFold = false;
        Consume(1);
        SpillReads(local);
        ForgetTouched(local);
        StoreLocal(local);
        StoreTwin(local, value);
    }

    private void EmitLocalTee(int local)
    {
        // local = value; the value is read from the local again, which RyuJIT likes better than a copy on the IL stack.
        EmitLocalSet(local);
        PushLocal(local);
    }

    private void EmitGlobalGet(int global)
    {
        Settle(0, beforeResult: true);
        var kind = _layout.Module.Globals[global].Type.Type.Kind;
        LoadGlobalAddress(global, kind);
        LoadIndirect(kind);
        PushStack(kind);
    }

    private void EmitGlobalSet(int global)
    {
        var value = TakeTop();
        LoadGlobalAddress(global, value.Kind);
        Load(value);
        StoreIndirect(value.Kind);
    }

    private void LoadGlobalAddress(int global, ValueKind kind)
    {
        if (global >= _layout.Module.ImportedGlobalCount)
        {
            LoadOwnGlobalAddress(_layout.Globals.SlotOf(global), kind);
            return;
        }

        // cell = state.ImportedGlobals[global]; ref cell.Numbers[cell.Index]
        LoadState();
        _il.Ldfld(Members.StateImportedGlobals);
        LoadElementAddress(global, nint.Size);
        _il.Op(ILOpCode.Ldind_ref);
        var cell = StoreTemporary(ValueKind.Ref);
        Load(cell);
        _il.Ldfld(kind == ValueKind.Ref ? Members.CellRefs : Members.CellNumbers);
        _il.Ldflda(Members.ArrayData);
        Load(cell);
        _il.Ldfld(Members.CellIndex);
        _il.Op(ILOpCode.Conv_i);
        _il.LdcNative(sizeof(ulong));
        _il.Op(ILOpCode.Mul);
        _il.Op(ILOpCode.Add);
    }

    private void LoadOwnGlobalAddress(int slot, ValueKind kind)
    {
        // ref state.Globals[slot]
        if (kind == ValueKind.Ref)
        {
            LoadState();
            _il.Ldfld(Members.StateRefGlobals);
            LoadElementAddress(slot, sizeof(ulong));
        }
        else if (++_globalAccesses <= MaxPlainGlobalAccesses)
        {
            LoadState();
            _il.Ldfld(Members.StateGlobals);
            LoadElementAddress(slot, sizeof(ulong));
        }
        else
        {
            if (_globalsLocal < 0)
            {
                _globalsLocal = NewLocal(ILType.Reference);
            }

            _il.Ldloc(_globalsLocal);
            AddElementOffset(slot, sizeof(ulong));
        }
    }

    // globals = ref state.Globals[0];
    private void InitializeGlobalsLocal()
    {
        if (_globalsLocal >= 0)
        {
            LoadState();
            _il.Ldfld(Members.StateGlobals);
            _il.Ldflda(Members.ArrayData);
            _il.Stloc(_globalsLocal);
        }
    }

    private void EmitDrop()
    {
        var top = _operands[_height - 1];
        if (top.Place == OperandPlace.Stack)
        {
            _il.Op(ILOpCode.Pop);
        }

        Discard(_height - 1);
    }

    private void LoadState() => _il.Ldarg(StateArgument, ILType.Object);
}
