using System.Reflection.Metadata;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Keeps what a loop works with in registers, although the deadline check at its start may call and come back. See docs/adr/0080.</content>
/// <remarks>
/// Whatever lives across a call is kept by RyuJIT in one of five registers or on the stack, and it does not see that this call hardly ever happens. It does know
/// that a block which throws is rare. So the stub saves what lives in the loop in the Store and throws, and a handler in the same method loads it and goes on:
/// nothing but the state lives across, and the loop's code is as if the stub were not there.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    /// <summary>Of a larger body the stubs would count against the size beyond which RyuJIT stops optimising.</summary>
    private const int MaxResumingBodyBytes = 16_384;

    /// <summary>How many loops of a function may have a handler: RyuJIT's work grows with the square.</summary>
    private const int MaxResumptions = 64;

    /// <summary>How many loops of a function are looked at for that: each costs time in proportion to what the function has of locals and accesses.</summary>
    private const int MaxResumptionAttempts = 256;

    /// <summary>How many locals may be looked through for each; RyuJIT keeps none in registers where there are more.</summary>
    private const int MaxResumingLocals = 2_000;

    private const int MaxSavedSlots = ControlBlock.MaxSaved + StoreResources.MaxSavedReferences;

    /// <summary>How many places all stubs of a function may save: each is sixteen IL instructions.</summary>
    private const int MaxSavedPlaces = 250;

    private readonly HashSet<int> _seen = [];
    private readonly List<SavedPlace> _saved = [];
    private int _resumptions;
    private int _resumptionAttempts;
    private int _savedPlaces;

    private void EmitDeadlineReachedInLoop(in Stub stub)
    {
        if (!FindWhatToSave(_loops[stub.Loop]))
        {
            EmitDeadlineReached(stub.Offset);
            _il.Branch(ILOpCode.Br, stub.Resume);
            return;
        }

        // try { save; throw Interrupts.DeadlineReachedInLoop(state, offset); } catch (Resumption) { goto again; }
        _resumptions++;
        _savedPlaces += _saved.Count;
        var start = _il.Length;
        foreach (var place in _saved)
        {
            LoadPlaceAddress(place);
            LoadSaved(place);
            StoreIndirect(place.Kind);
        }

        LoadState();
        _il.Ldc(stub.Offset);
        _il.Call(Members.DeadlineReachedInLoop);
        _il.Op(ILOpCode.Throw);
        var handler = _il.BeginCatch();
        var again = _il.DefineLabel();
        _il.Op(ILOpCode.Pop);
        _il.Branch(ILOpCode.Leave, again);
        _il.EndCatch(start, handler, SignatureWriter.ResumptionToken);

        // again: load; goto resume;
        _il.Mark(again);
        InitializeControlLocal();
        InitializeGlobalsLocal();
        LoadAllMemoryLocals();
        foreach (var place in _saved)
        {
            LoadPlaceAddress(place);
            LoadIndirect(place.Kind);
            StoreSaved(place);
        }

        InitializeTwins();
        _il.Branch(ILOpCode.Br, stub.Resume);
    }

    // Whether loops may have handlers as far as the function is known; once it may not, it never may.
    private bool MayResume() => _offset - _bodyOffset <= MaxResumingBodyBytes && _locals.Count <= MaxResumingLocals;

    /// <summary>Collects what lives at the start of a loop. What is missed is only slower: RyuJIT keeps it in memory.</summary>
    /// <returns>False when it is too much, or when little would be gained: a loop that is a jump table to the places after its calls has hardly anything in registers at its start.</returns>
    private bool FindWhatToSave(in LoopAccesses loop)
    {
        _saved.Clear();
        _seen.Clear();
        var (numbers, references) = (0, 0);
        if (loop is { IsDispatch: true, Calls: > 0 } || !MayResume() || _resumptions == MaxResumptions || _resumptionAttempts++ >= MaxResumptionAttempts)
        {
            return false;
        }

        // Those that every iteration sets before it reads them hold nothing at its start.
        for (var i = loop.Begin; i < loop.End; i++)
        {
            var access = _accesses[i];
            if (_seen.Add(access.Local) && !(access.IsSet && i < loop.FirstBranch))
            {
                AddSaved(access.Local, isSlot: false, KindOfLocal(access.Local), ref numbers, ref references);
            }
        }

        for (var local = 0; local < _locals.Count; local++)
        {
            if (!_seen.Contains(local) && LivesThrough(local, loop))
            {
                AddSaved(local, isSlot: false, KindOfLocal(local), ref numbers, ref references);
            }
        }

        for (var i = loop.FirstSlot; i < loop.EndSlot; i++)
        {
            AddSaved(_loopSlots[i], isSlot: true, (ValueKind)_il.Locals[_loopSlots[i]], ref numbers, ref references);
        }

        return numbers <= ControlBlock.MaxSaved && references <= StoreResources.MaxSavedReferences && _savedPlaces + _saved.Count <= MaxSavedPlaces;
    }

    // A local that the loop does not touch lives through it when it is touched later, or in the next round of a loop outside; nothing need have set it, as the prologue has zeroed it.
    private bool LivesThrough(int local, in LoopAccesses loop)
    {
        // In a protected region stubs come before the rest of the body is known.
        var outermost = _loops[loop.Outermost];
        return _lastTouch[local] > loop.EndOffset || _regionCount > 0 || (_firstTouch[local] < outermost.EndOffset && _lastTouch[local] > outermost.Offset);
    }

    private void AddSaved(int index, bool isSlot, ValueKind kind, ref int numbers, ref int references)
    {
        ref var next = ref kind == ValueKind.Ref ? ref references : ref numbers;
        _saved.Add(new SavedPlace(index, isSlot, kind, next));
        next += kind == ValueKind.V128 ? 2 : 1;
    }

    private void LoadPlaceAddress(in SavedPlace place)
    {
        if (place.Kind == ValueKind.Ref)
        {
            LoadState();
            _il.Ldfld(Members.StateStore);
            _il.Ldfld(Members.StoreSavedReferences);
            LoadElementAddress(place.Place, sizeof(ulong));
        }
        else
        {
            LoadControl();
            AddElementOffset(1, ControlBlock.SavedOffset + (place.Place * sizeof(ulong)));
        }
    }

    private void LoadSaved(in SavedPlace place)
    {
        if (place.IsSlot)
        {
            _il.Ldloc(place.Index);
        }
        else
        {
            LoadLocal(place.Index);
        }
    }

    private void StoreSaved(in SavedPlace place)
    {
        if (place.IsSlot)
        {
            _il.Stloc(place.Index);
        }
        else
        {
            StoreLocal(place.Index);
        }
    }

    /// <param name="Index">The WebAssembly local or the slot.</param>
    /// <param name="IsSlot">Which of the two.</param>
    /// <param name="Kind">Its shape.</param>
    /// <param name="Place">Where in the Store's array for numbers or for references.</param>
    private readonly record struct SavedPlace(int Index, bool IsSlot, ValueKind Kind, int Place);
}
