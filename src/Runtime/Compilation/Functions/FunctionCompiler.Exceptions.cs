using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Execution.Instructions;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Exceptions, on the CLR's own: a block with handlers is a protected region. See docs/wasm-to-il.md, section 12.</content>
internal sealed partial class FunctionCompiler
{
    // RyuJIT's work grows with the square of both: 1,000 handlers inside one another take it a second, 10,000 take 20 s and 2.6 GB; 10,000 in a row take 10 s.
    private const int MaxNestedRegions = 1_000;
    private const int MaxRegions = 10_000;

    private int _regionCount;

    private void ClearRegions()
    {
        _regionCount = 0;
        _returnLocal = -1;
        _returnLabel = ILLabel.None;
        _tailStubs.Clear();
        foreach (var stubs in _stubs)
        {
            stubs.Clear();
        }
    }

    private void EmitTryTable(in Instruction instruction)
    {
        if (instruction.ListCount == 0)
        {
            EmitBlock(instruction);
            return;
        }

        OpenRegion(Op.TryTable, instruction);
        FrameAt(0).Catches = (instruction.ListOffset, instruction.EndOffset, instruction.ListCount);
    }

    private void OpenRegion(Op op, in Instruction instruction)
    {
        var signature = _layout.SignatureOf(instruction.BlockType);
        SpillAll();
        OpenFrame(new ControlFrame { Op = op, Signature = signature, Target = _il.DefineLabel(), Else = ILLabel.None, ProtectedFrom = _il.Length });
        if (_regionCount == MaxNestedRegions || _il.Regions.Count >= MaxRegions)
        {
            throw Limit(_regionCount == MaxNestedRegions ? $"more than {MaxNestedRegions} handlers inside one another" : $"more than {MaxRegions} handlers");
        }

        if (++_regionCount == _stubs.Count)
        {
            _stubs.Add([]);
        }
    }

    /// <summary>Ends protected code, with the stubs of what traps in it, and begins its handler.</summary>
    /// <param name="frame">The block.</param>
    /// <param name="handler">Where the handler begins.</param>
    /// <returns>The IL local with the exception.</returns>
    private int BeginHandler(ref ControlFrame frame, out int handler)
    {
        if (!_dead)
        {
            MoveArguments(frame);
            _il.Branch(ILOpCode.Leave, frame.Target);
            frame.IsTargeted = true;
        }

        EmitStubs();
        handler = _il.BeginCatch();
        var exception = NewLocal(ILType.Object);
        _il.Stloc(exception);
        return exception;
    }

    /// <summary>Throws the exception of this handler on, to the next handler outside.</summary>
    /// <remarks>
    /// After leaving this handler, never in it: the CLR runs a handler on top of the stack of the throw, so that handlers that throw on would pile up, some KB each, until the stack
    /// overflows and takes the process with it (measured: 1,000 of them do).
    /// </remarks>
    private void ThrowOutside(int exception)
    {
        var stub = _il.DefineLabel();
        _stubs[_regionCount - 1].Add(new Stub(stub, ILLabel.None, TrapCode.Unreachable, _offset, Exception: exception));
        _il.Branch(ILOpCode.Leave, stub);
    }

    private void EndHandler(in ControlFrame frame, int handler)
    {
        _il.EndCatch(frame.ProtectedFrom, handler, SignatureWriter.GuestExceptionToken);
        _regionCount--;
        _dead = true;
    }

    private static bool IsHandling(Op op) => op is Op.TryTable or Op.Try or Op.Catch or Op.CatchAll;

    /// <summary>The <c>end</c> of a block with handlers, up to where control may go on after it.</summary>
    private void EmitHandlingEnd(ref ControlFrame frame)
    {
        switch (frame.Op)
        {
            case Op.TryTable: EmitTableHandler(ref frame); break;
            case Op.Try: EmitEmptyHandler(ref frame); break;
            default: EndCatchBody(ref frame, isLast: true); break;
        }
    }

    // One compare for each clause, in order; what no clause takes goes on to the next handler.
    private void EmitTableHandler(ref ControlFrame frame)
    {
        var exception = BeginHandler(ref frame, out var handler);
        Discard(frame.Height);
        var takesAll = false;
        var clauses = new CatchReader(_layout.Module.Binary.Span, new Instruction
        {
            ListOffset = frame.Catches.Offset, EndOffset = frame.Catches.End, ListCount = frame.Catches.Count,
        });

        // Labels of clauses are counted from outside the block.
        _frameCount--;
        while (!takesAll && clauses.Read(out var clause))
        {
            var next = clause.Tag < 0 ? ILLabel.None : EmitTagTest(exception, clause.Tag);
            var height = _height;
            if (clause.Tag >= 0)
            {
                PushPayload(exception, clause.Tag);
            }

            if (clause.Kind is CatchKind.CatchRef or CatchKind.CatchAllRef)
            {
                _il.Ldloc(exception);
                Push(StoreSlot(_height, ValueKind.Ref));
            }

            BranchTo(clause.Label);
            _height = height;
            takesAll = clause.Tag < 0;
            if (!takesAll)
            {
                _il.Mark(next);
            }
        }

        _frameCount++;
        if (!takesAll)
        {
            ThrowOutside(exception);
        }

        EndHandler(frame, handler);
    }

    // if (exception.Tag != state.Tags[tag]) goto the label that is returned;
    private ILLabel EmitTagTest(int exception, int tag)
    {
        var next = _il.DefineLabel();
        _il.Ldloc(exception);
        _il.Ldfld(Members.ExceptionTag);
        LoadState();
        _il.Ldfld(Members.StateTags);
        LoadElementAddress(tag, nint.Size);
        _il.Op(ILOpCode.Ldind_ref);
        _il.Branch(ILOpCode.Bne_un, next);
        return next;
    }

    /// <summary>Puts the payload of an exception into the slots of the next operands.</summary>
    private void PushPayload(int exception, int tag)
    {
        var (number, reference) = (0, 0);
        foreach (var parameter in _layout.Module.TagTypeOf(new TagIndex(tag)).Parameters)
        {
            LoadPayloadAddress(exception, parameter.Kind, ref number, ref reference);
            LoadIndirect(parameter.Kind);
            Push(StoreSlot(_height, parameter.Kind));
        }
    }

    private void EmitThrowTag(int tag)
    {
        // exception = Intrinsics.NewException(state, tag, offset); exception.Numbers[…] = …; throw exception;
        // No site, here as at throw_ref: a frame is never looked up here, and RyuJIT may have removed it from before a call, which would then get its name.
        var parameters = _layout.Module.TagTypeOf(new TagIndex(tag)).Parameters;
        var payload = new Operand[parameters.Length];
        for (var i = payload.Length - 1; i >= 0; i--)
        {
            payload[i] = TakeTop();
        }

        var exception = NewLocal(ILType.Object);
        LoadState();
        _il.Ldc(tag);
        _il.Ldc(_offset);
        _il.Call(Members.Intrinsic("NewException"));
        _il.Stloc(exception);
        var (number, reference) = (0, 0);
        for (var i = 0; i < payload.Length; i++)
        {
            LoadPayloadAddress(exception, parameters[i].Kind, ref number, ref reference);
            Load(payload[i]);
            StoreIndirect(parameters[i].Kind);
        }

        _il.Ldloc(exception);
        _il.Op(ILOpCode.Throw);
        BecomeDead();
    }

    private void LoadPayloadAddress(int exception, ValueKind kind, ref int number, ref int reference)
    {
        _il.Ldloc(exception);
        if (kind == ValueKind.Ref)
        {
            _il.Ldfld(Members.ExceptionReferences);
            LoadElementAddress(reference++, nint.Size);
            return;
        }

        _il.Ldfld(Members.ExceptionNumbers);
        LoadElementAddress(number, sizeof(ulong));
        number += kind == ValueKind.V128 ? 2 : 1;
    }

    // No site: what is thrown is no trap, so that no frame is ever looked up here, and RyuJIT may have removed it from before a call, which would then get its name.
    private void EmitThrowRef()
    {
        var exception = TakeNonNull(TrapCode.NullExceptionReference);
        Load(exception);
        _il.Op(ILOpCode.Throw);
        BecomeDead();
    }
}
