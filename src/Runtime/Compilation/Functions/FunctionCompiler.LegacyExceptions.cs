using System.Reflection.Metadata;
using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Errors;
using HostService.Runtime.Syntax;

namespace HostService.Runtime.Compilation.Functions;

/// <content>
/// The legacy form of exceptions. The handler only keeps the exception and leaves; the bodies of <c>catch</c> come after the protected region as ordinary code,
/// so that they may branch, return, call and nest as any other.
/// </content>
internal sealed partial class FunctionCompiler
{
    private void EmitTry(in Instruction instruction) => OpenRegion(Op.Try, instruction);

    private void EmitCatch(in Instruction instruction)
    {
        ref var frame = ref FrameAt(0);
        if (frame.Op == Op.Try)
        {
            // catch { exception = …; goto dispatch; } dispatch:
            var exception = BeginHandler(ref frame, out var handler);
            var dispatch = _il.DefineLabel();
            _il.Branch(ILOpCode.Leave, dispatch);
            EndHandler(frame, handler);
            frame.Exception = exception;
            _il.Mark(dispatch);
        }
        else
        {
            EndCatchBody(ref frame, isLast: false);
        }

        frame.Op = instruction.Op;
        Discard(frame.Height);
        (_dead, _deadBlocks, _floor) = (false, 0, _height);
        if (instruction.Op == Op.Catch)
        {
            frame.Else = EmitTagTest(frame.Exception, instruction.Index);
            PushPayload(frame.Exception, instruction.Index);
            _floor = _height;
        }
    }

    // The end of a catch body, and after the last one what no clause took.
    private void EndCatchBody(ref ControlFrame frame, bool isLast)
    {
        if (!_dead)
        {
            MoveArguments(frame);
            _il.Branch(ILOpCode.Br, frame.Target);
            frame.IsTargeted = true;
            _dead = true;
        }

        if (frame.Else.Exists)
        {
            _il.Mark(frame.Else);
            frame.Else = ILLabel.None;
            if (isLast)
            {
                _il.Ldloc(frame.Exception);
                _il.Op(ILOpCode.Throw);
            }
        }
    }

    // A try without catch protects nothing.
    private void EmitEmptyHandler(ref ControlFrame frame)
    {
        ThrowOutside(BeginHandler(ref frame, out var handler));
        EndHandler(frame, handler);
    }

    /// <summary>The exceptions of this block are thrown again inside the block that it names, past the handlers between the two.</summary>
    private void EmitDelegate(int depth)
    {
        ref var frame = ref FrameAt(0);
        var exception = BeginHandler(ref frame, out var handler);

        // The label is counted from outside the block. Only a try whose own code is still being protected has a region more than its label.
        ref var target = ref FrameAt(depth + 1);
        var regions = target.Regions + (target.Op is Op.Try or Op.TryTable ? 1 : 0);
        var stub = _il.DefineLabel();
        _stubs[regions].Add(new Stub(stub, ILLabel.None, TrapCode.Unreachable, _offset, Exception: exception));
        _il.Branch(ILOpCode.Leave, stub);
        EndHandler(frame, handler);
        frame.Op = Op.Block;
        EmitEnd();
    }

    private void EmitRethrow(int depth)
    {
        _il.Ldloc(FrameAt(depth).Exception);
        _il.Op(ILOpCode.Throw);
        BecomeDead();
    }
}
