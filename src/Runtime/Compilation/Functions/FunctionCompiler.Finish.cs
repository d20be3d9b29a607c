using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Compilation.Image;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Compilation.Functions;

/// <content>Hands a finished function over.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>A frame that may be larger is entered through a stub that checks first: half of what the stack always keeps free would else be at its mercy.</summary>
    private const int MaxUncheckedFrameBytes = 16 * 1024;

    private readonly List<AddressSite> _sites = [];
    private readonly ILWriter _stubWriter = new();
    private readonly BlobBuilder _localsBlob = new();

    // The instruction just emitted may call, or fault.
    private void NoteSite(AddressSiteKind kind) => _sites.Add(new AddressSite(_il.Length, _offset, kind));

    private void Finish(FunctionBatch batch)
    {
        EmitTailStubs();
        EmitReturnStub();
        EmitStubs();
        EntryLabels? entry = ChecksAtEntry(_function) ? EmitEntryStubs() : null;
        _il.BeginPrologue();
        EmitPrologue(entry);
        if (_il.MaxDepth > ILWriter.MaxDepthLimit)
        {
            throw Limit($"{_il.MaxDepth} values on the IL stack, where a method has at most {ILWriter.MaxDepthLimit}");
        }

        var estimate = EstimateFrameBytes();
        if (estimate > MaxUncheckedFrameBytes)
        {
            AddEntryStub(batch, estimate);
        }

        AddBody(batch);
    }

    private ModuleLimitException Limit(string what) => new($"func[{_layout.Module.ImportedFunctionCount + _function}]: it needs {what}");

    private ModuleLimitException TooLong() => Limit($"more than {ILWriter.MaxLength >> 20} MiB of code");

    // More than any frame is: RyuJIT keeps most locals in registers, but at worst each has a place, and what is on the IL stack at calls too.
    private int EstimateFrameBytes()
    {
        // Without optimisation RyuJIT gives each call's result a place of its own that is never used again: 100,000 calls made a frame larger than the stack, which ended the process.
        var bytes = sizeof(long) * (_arguments.Length + _il.MaxDepth + _il.TemporaryCount);
        for (var i = 0; i < _il.Locals.Count; i++)
        {
            bytes += _il.Locals[i] == ILType.Vector128 ? 16 : sizeof(long);
        }

        return bytes;
    }

    private void AddBody(FunctionBatch batch)
    {
        var position = batch.Reserve(_il.Length, _il.MaxDepth, _il.Regions.Count);
        _il.CopyCode(batch.Code(position, _il.Length));
        batch.WriteRegions(position, _il);
        var previous = default(AddressSite);
        foreach (var site in _sites)
        {
            var final = site with { ILOffset = _il.FinalOffset(site.ILOffset) };
            AddressMap.Append(batch.Sites, final, previous);
            previous = final;
        }

        NoteShape(batch);
        batch.Add(_function, position, LocalsOf(_il));
        batch.SiteEnds.Add(batch.Sites.Count);
    }

    private void NoteShape(FunctionBatch batch)
    {
        var shape = _il.ShapeWith(_arguments.Length);
        _options.Shapes?.Invoke(_function, shape);
        batch.OverLimits = batch.OverLimits.Plus(OptimizerLimits.Exceeded(shape));
        if (shape.IsSuspicious)
        {
            batch.Suspects.Add(_function);
        }

        if (shape.IsSuspiciousUnoptimized)
        {
            batch.UnoptimizedSuspects.Add(_function);
        }
    }

    // if (&probe < state.Control->LowestAddress + estimate) throw Traps.Trap(CallStackExhausted, offset); return body(arguments…, state);
    private void AddEntryStub(FunctionBatch batch, int estimate)
    {
        var il = _stubWriter;
        il.Clear();
        var exhausted = il.DefineLabel();
        if (!IsContinuation)
        {
            il.RoomForEntryMark();
        }

        il.Ldloca(il.DeclareLocal(ILType.Int32));
        il.Op(ILOpCode.Conv_u);
        il.Ldarg(StateArgument, ILType.Object);
        il.Ldfld(Members.StateControl);
        il.LdcNative(ControlBlock.LowestAddressOffset);
        il.Op(ILOpCode.Add);
        il.Op(ILOpCode.Ldind_i);
        il.LdcNative(estimate);
        il.Op(ILOpCode.Add);
        il.Branch(ILOpCode.Blt_un, exhausted);
        for (var i = 0; i < StateArgument; i++)
        {
            il.Ldarg(i, _arguments[i]);
        }

        il.Ldarg(StateArgument, ILType.Object);
        il.Op(ILOpCode.Tail);
        il.Call(ILOpCode.Call, token: 0, StateArgument + 1, _signature.ReturnType);
        var call = il.Length - sizeof(int);
        il.Ret(_signature.ReturnType);
        il.Mark(exhausted);
        il.Ldc((int)TrapCode.CallStackExhausted);
        il.Ldc(_bodyOffset);
        il.Call(Members.Trap);
        il.Op(ILOpCode.Throw);

        var position = batch.Reserve(il.Length, il.MaxDepth);
        il.CopyCode(batch.Code(position, il.Length));
        batch.Add(_function, position, LocalsOf(il), callPatch: position + call);
    }

    private byte[] LocalsOf(ILWriter il)
    {
        if (il.Locals.Count == 0)
        {
            return [];
        }

        _localsBlob.Clear();
        SignatureWriter.WriteLocals(_localsBlob, il.Locals);
        return _localsBlob.ToArray();
    }
}
