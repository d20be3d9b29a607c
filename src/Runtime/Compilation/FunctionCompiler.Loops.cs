using System.Reflection.Metadata;
using HostService.Runtime.Execution;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation;

/// <content>Keeps the locals of a loop in registers, although the deadline check at its start may call.</content>
/// <remarks>
/// Whatever lives across a call is kept by RyuJIT in one of five registers or on the stack, and it does not see that this call hardly ever happens: each iteration
/// would store and load the loop's locals. So the stub in which the call stands saves those locals in the Store before it and loads them, and what else emitted
/// code keeps in IL locals, after it: then nothing but the state lives across the call.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private const int NoLoop = -1;

    /// <summary>A larger loop pays little for its stores and loads, and its stub would count against the size beyond which RyuJIT stops optimising.</summary>
    private const int MaxSavingLoopBytes = 2_048;
    private const int MaxSavingBodyBytes = 16_384;

    private readonly List<LocalAccess> _accesses = [];
    private readonly List<LoopAccesses> _loops = [];
    private readonly Stack<int> _openLoops = new();
    private readonly HashSet<int> _seen = [];

    private void ClearLoops()
    {
        _accesses.Clear();
        _loops.Clear();
        _openLoops.Clear();
    }

    private int BeginLoop()
    {
        _openLoops.Push(_loops.Count);
        _loops.Add(new LoopAccesses { Begin = _accesses.Count, FirstBranch = int.MaxValue, Offset = _offset });
        return _loops.Count - 1;
    }

    private void EndLoop()
    {
        var loop = _openLoops.Pop();
        _loops[loop] = _loops[loop] with { End = _accesses.Count, Length = _offset - _loops[loop].Offset };
    }

    private void NoteAccess(int local, bool isSet)
    {
        if (_openLoops.Count > 0)
        {
            _accesses.Add(new LocalAccess(local, isSet));
        }
    }

    /// <summary>What follows a branch or lies in a block may be passed by in some iterations.</summary>
    private void NoteBranch(Op instruction)
    {
        var branches = instruction is Op.Block or Op.Loop or Op.If or Op.Br or Op.BrIf or Op.BrTable or Op.Return
            or Op.BrOnNull or Op.BrOnNonNull or Op.BrOnCast or Op.BrOnCastFail or Op.TryTable or Op.Try;
        if (branches && _openLoops.TryPeek(out var loop) && _loops[loop].FirstBranch == int.MaxValue)
        {
            _loops[loop] = _loops[loop] with { FirstBranch = _accesses.Count };
        }
    }

    // save the loop's locals; Interrupts.DeadlineReached(state, offset); load them; goto resume;
    private void EmitDeadlineReachedInLoop(in Stub stub)
    {
        var saved = LocalsToSave(_loops[stub.Loop]);
        for (var i = 0; i < saved.Count; i++)
        {
            LoadSavedAddress(i);
            LoadLocal(saved[i]);
            StoreIndirect(KindOfLocal(saved[i]));
        }

        EmitDeadlineReached(stub.Offset);
        if (saved.Count > 0)
        {
            InitializeStoreLocal();
            InitializeGlobalsLocal();
            LoadAllMemoryLocals();
        }

        for (var i = 0; i < saved.Count; i++)
        {
            LoadSavedAddress(i);
            LoadIndirect(KindOfLocal(saved[i]));
            StoreLocal(saved[i]);
        }

        _il.Branch(ILOpCode.Br, stub.Resume);
    }

    /// <summary>The numbers among the locals that the loop touches, but not those that every iteration sets before it reads them: those hold nothing at its start.</summary>
    private List<int> LocalsToSave(in LoopAccesses loop)
    {
        var locals = new List<int>();
        if (loop.Length > MaxSavingLoopBytes || _offset - _bodyOffset > MaxSavingBodyBytes)
        {
            return locals;
        }

        _seen.Clear();
        for (var i = loop.Begin; i < loop.End && locals.Count < StoreResources.MaxSavedLocals; i++)
        {
            var access = _accesses[i];
            if (_seen.Add(access.Local) && !(access.IsSet && i < loop.FirstBranch) && KindOfLocal(access.Local) < ValueKind.V128)
            {
                locals.Add(access.Local);
            }
        }

        return locals;
    }

    private void LoadSavedAddress(int place)
    {
        LoadStore();
        _il.Ldfld(Members.StoreSavedLocals);
        LoadElementAddress(place, sizeof(ulong));
    }

    /// <param name="Local">Which.</param>
    /// <param name="IsSet">Whether it was written and not read.</param>
    private readonly record struct LocalAccess(int Local, bool IsSet);

    /// <summary>Which accesses are in a loop, and how many of them come before the first branch or block.</summary>
    private readonly record struct LoopAccesses
    {
        public int Begin { get; init; }

        public int End { get; init; }

        public int FirstBranch { get; init; }

        public int Offset { get; init; }

        public int Length { get; init; }
    }
}
