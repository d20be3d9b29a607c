using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>What runs before the body, and the stubs after it. See docs/wasm-to-il.md, sections 2 and 5.</content>
internal sealed partial class FunctionCompiler
{
    // By how many protected regions they lie in.
    private readonly List<List<Stub>> _stubs = [[]];
    private int _controlLocal = -1;
    private int _probeLocal;

    private void ClearPrologue()
    {
        ClearLoops();
        _hasFloatArithmetic = false;
        (_controlLocal, _globalsLocal, _globalAccesses) = (-1, -1, 0);
    }

    /// <summary>A label at which the current instruction traps; it is marked after the body.</summary>
    private ILLabel TrapStub(TrapCode code)
    {
        var start = _il.DefineLabel();
        AddStub(new Stub(start, ILLabel.None, code, _offset));
        return start;
    }

    /// <summary>Interrupts the guest when that is requested, at the start of a loop. The IL stack is empty.</summary>
    private void EmitLoopCheck(int offset, int loop)
    {
        if (_options.OmitsInterruption)
        {
            return;
        }

        // if (control->Requested != 0) goto stub; The read is volatile, or RyuJIT would move it out of the loop.
        var stub = _il.DefineLabel();
        var resume = _il.DefineLabel();
        LoadControl();
        _il.Op(ILOpCode.Volatile);
        _il.Op(ILOpCode.Ldind_i4);
        _il.Branch(ILOpCode.Brtrue, stub);
        _il.Mark(resume);
        AddStub(new Stub(stub, resume, TrapCode.Interrupted, offset, loop));
    }

    // Interrupts.DeadlineReached(state, offset);
    private void EmitDeadlineReached(int offset)
    {
        LoadState();
        _il.Ldc(offset);
        _il.Call(Members.DeadlineReached);
    }

    // control = state.Control;
    private void InitializeControlLocal()
    {
        DeclareControlLocal();
        LoadState();
        _il.Ldfld(Members.StateControl);
        _il.Stloc(_controlLocal);
    }

    private void LoadControl()
    {
        DeclareControlLocal();
        _il.Ldloc(_controlLocal);
    }

    private void DeclareControlLocal()
    {
        if (_controlLocal < 0)
        {
            _controlLocal = NewLocal(ILType.Native);
        }
    }

    // A conditional branch can't leave a protected region, so what traps in one has its stub in it too.
    private void AddStub(in Stub stub) => _stubs[_regionCount].Add(stub);

    // Out of the way of the usual path: each throws, or calls and goes back.
    private void EmitStubs()
    {
        var stubs = _stubs[_regionCount];
        foreach (var stub in stubs)
        {
            _il.Mark(stub.Start);
            if (stub.Exception >= 0)
            {
                _il.Ldloc(stub.Exception);
                _il.Op(ILOpCode.Throw);
            }
            else if (stub.Resume.Exists)
            {
                EmitDeadlineReachedInLoop(stub);
            }
            else
            {
                EmitThrow(stub.Code, stub.Offset);
            }
        }

        stubs.Clear();
    }

    // The stubs of the prologue come after the body too, so they are written before it; entry is what joins them.
    private EntryLabels EmitEntryStubs()
    {
        // Interrupts.EntryRefused(state, offset, &probe); goto resume;
        var labels = new EntryLabels(_il.DefineLabel(), _il.DefineLabel());
        _probeLocal = NewLocal(ILType.Int32);
        _il.Mark(labels.Refused);
        LoadState();
        _il.Ldc(_bodyOffset);
        LoadStackPosition();
        _il.Call(Members.EntryRefused);
        _il.Branch(ILOpCode.Br, labels.Resume);
        return labels;
    }

    private void EmitPrologue(in EntryLabels? entry)
    {
        if (!IsContinuation)
        {
            _il.RoomForEntryMark();
        }

        if (entry is not null || _controlLocal >= 0)
        {
            InitializeControlLocal();
        }

        if (entry is { } labels)
        {
            // if (&probe < control->StackLimit) goto refused;
            LoadStackPosition();
            LoadControl();
            _il.LdcNative(ControlBlock.StackLimitOffset);
            _il.Op(ILOpCode.Add);
            _il.Op(ILOpCode.Ldind_i);
            _il.Branch(ILOpCode.Blt_un, labels.Refused);
            _il.Mark(labels.Resume);
        }

        InitializeGlobalsLocal();
        LoadAllMemoryLocals();
        if (IsContinuation)
        {
            LoadFrame();
            return;
        }

        for (var i = 0; i < _declaredLocals; i++)
        {
            LoadZero((ValueKind)_il.Locals[i]);
            _il.Stloc(i);
        }

        InitializeTwins();
    }

    // An address in this frame. That it is taken also keeps RyuJIT from making tail calls, which would lose frames from traps.
    private void LoadStackPosition()
    {
        _il.Ldloca(_probeLocal);
        _il.Op(ILOpCode.Conv_u);
    }

    private void LoadAllMemoryLocals()
    {
        for (var i = 0; i < _memoryLocals.Length; i++)
        {
            LoadMemoryLocals(i);
        }
    }

    private void LoadMemoryLocals(int memory)
    {
        var (memoryLocal, baseLocal) = (_memoryLocals[memory], _baseLocals[memory]);
        if (memoryLocal < 0 && baseLocal < 0)
        {
            return;
        }

        LoadState();
        if (memory == 0)
        {
            _il.Ldfld(Members.StateMemory0);
        }
        else
        {
            _il.Ldfld(Members.StateMemories);
            LoadElementAddress(memory, nint.Size);
            _il.Op(ILOpCode.Ldind_ref);
        }

        if (baseLocal >= 0)
        {
            if (memoryLocal >= 0)
            {
                _il.Dup();
            }

            _il.Ldfld(Members.MemoryBase);
            _il.Stloc(baseLocal);
        }

        if (memoryLocal >= 0)
        {
            _il.Stloc(memoryLocal);
        }
    }

    private void LoadZero(ValueKind kind)
    {
        if (kind == ValueKind.V128)
        {
            _il.Call(Members.Intrinsic("ZeroVector"));
        }
        else if (_hasFloatArithmetic)
        {
            LoadUnfoldable(new Operand(kind, OperandPlace.Constant));
        }
        else
        {
            LoadConstant(kind, 0);
        }
    }

    private readonly record struct EntryLabels(ILLabel Refused, ILLabel Resume);

    // Loop is the loop whose check it belongs to; Exception the IL local with what to throw, or −1.
    private readonly record struct Stub(ILLabel Start, ILLabel Resume, TrapCode Code, int Offset, int Loop = NoLoop, int Exception = -1);
}
