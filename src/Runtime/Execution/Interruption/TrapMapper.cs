using System.Collections.Immutable;
using System.Diagnostics;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Interpretation;

namespace HostService.Runtime.Execution.Interruption;

/// <summary>Turns what left a guest into a <see cref="TrapException"/> that names the guest's functions.</summary>
/// <remarks>
/// The one place where CLR exceptions become traps. Only a fault whose innermost frame is compiled code is the guest's; anything else is a bug of
/// the host and passes unchanged.
/// </remarks>
internal static class TrapMapper
{
    /// <summary>The trap that an exception stands for, with its frames; the exception itself when it is no trap.</summary>
    public static Exception Map(Exception thrown, Store store)
    {
        if (thrown is TrapException trap)
        {
            AddFrames(trap, trap, new StackTrace(thrown, fNeedFileInfo: false), store, trap.Frames.IsEmpty ? trap.ThrownAt : null, AddressSiteKind.Call);
            return trap;
        }

        if (CodeOf(thrown) is not { } code)
        {
            return thrown;
        }

        var trace = new StackTrace(thrown, fNeedFileInfo: false);
        if (trace.GetFrame(0)?.GetMethod() is not { } innermost || !MappedCode.TryFind(innermost, out _, out _))
        {
            return thrown;
        }

        var mapped = new TrapException(code, inner: thrown);
        AddFrames(mapped, thrown, trace, store, null, AddressSiteKind.Access);
        return mapped;
    }

    private static TrapCode? CodeOf(Exception thrown) => thrown switch
    {
        // A fault past a memory's length arrives as one; without such a fault it is a bug of ours and passes unchanged.
        NullReferenceException when GuardPages.TryTakeFault(out _) => TrapCode.OutOfBoundsMemoryAccess,
        OutOfMemoryException => TrapCode.AllocationTooLarge,
        DivideByZeroException => TrapCode.IntegerDivideByZero,
        OverflowException => TrapCode.IntegerOverflow,
        _ => null,
    };

    // Frames are added from the inside out: a trap that crosses host functions is mapped once for each run of guest frames.
    private static void AddFrames(TrapException trap, Exception thrown, StackTrace trace, Store store, long? thrownAt, AddressSiteKind innermost)
    {
        var frames = trap.Frames.ToBuilder();
        var more = trap.TruncatedFrames;
        var interpreted = InterpreterFrames.Take(thrown);
        var hasEnded = false;
        foreach (var frame in trace.GetFrames())
        {
            if (frame.GetMethod() is { } place && InterpreterFrames.IsActivation(place) && interpreted.TryDequeue(out var activation))
            {
                var before = frames.Count;
                foreach (var interpretedFrame in activation.Kept)
                {
                    if (frames.Count < TrapException.MaxFrames)
                    {
                        frames.Add(FrameOf(activation.State.Module!, interpretedFrame, thrownAt));
                    }

                    (thrownAt, innermost) = (null, AddressSiteKind.Call);
                }

                more += activation.Count - (frames.Count - before);
                continue;
            }

            if (frame.GetMethod() is not { } method || !MappedCode.TryFind(method, out var code, out var function))
            {
                hasEnded |= frame.GetMethod() is { } other && TailCallers.IsDispatcher(other);
                continue;
            }

            if (hasEnded)
            {
                hasEnded = false;
                continue;
            }

            if (frames.Count == TrapException.MaxFrames)
            {
                more++;
                continue;
            }

            frames.Add(FrameOf(code, function, frame.GetILOffset(), thrownAt, innermost, store));
            (thrownAt, innermost) = (null, AddressSiteKind.Call);
        }

        trap.Frames = frames.ToImmutable();
        trap.TruncatedFrames = more;
    }

    // A frame of the interpreter is exact: it holds the instruction.
    private static TrapFrame FrameOf(Module module, InterpretedFrame frame, long? thrownAt)
    {
        var functionIndex = frame.Function + module.Syntax.ImportedFunctionCount;
        return new TrapFrame(
            module.Name, module.FunctionName(functionIndex), functionIndex,
            thrownAt ?? (frame.Offset < 0 ? module.Syntax.Bodies[frame.Function].Offset : frame.Offset), IsApproximate: false)
        {
            SourceMap = module.SourceMap,
            ModuleKey = module.Syntax,
        };
    }

    private static TrapFrame FrameOf(MappedCode code, int function, int ilOffset, long? thrownAt, AddressSiteKind kind, Store store)
    {
        // Step one, address → module: the registry's strong reference keeps the code alive while it is examined. Step two asks the module.
        // Without an IL offset a frame is in code of the function that RyuJIT can't tell the place of.
        var offset = thrownAt is { } exact ? (int)exact : code.FindOffset(function, ilOffset, kind);
        var address = offset < 0 ? code.Range.Start : code.AddressOf(offset);
        var module = store.Modules.Find(address)
            ?? throw new UnreachableException("Code ran in a Store that its module is not registered in.");
        var functionIndex = function + module.Syntax.ImportedFunctionCount;
        return new TrapFrame(
            module.Name, module.FunctionName(functionIndex), functionIndex,
            offset < 0 ? module.Syntax.Bodies[function].Offset : offset, IsApproximate: thrownAt is null && (kind != AddressSiteKind.Call || ilOffset <= 0 || module.Syntax.Bodies[function].Length > AddressMap.MaxSeparatedBytes))
        {
            SourceMap = module.SourceMap,
            ModuleKey = module.Syntax,
        };
    }
}
