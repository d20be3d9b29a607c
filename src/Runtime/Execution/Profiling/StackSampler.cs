using System.Diagnostics;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Interpretation;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>Notes the call stack of the guest whose thread this is: its WebAssembly functions, and the host functions that they have called.</summary>
/// <param name="store">The guest's Store.</param>
/// <param name="symbols">What frames are called.</param>
/// <param name="stacks">Where stacks are kept.</param>
/// <param name="options">How deep to look.</param>
internal sealed class StackSampler(Store store, ProfileSymbols symbols, StackTree stacks, GuestProfileOptions options)
{
    // What was found out about a place in CLR code once. They hold modules' code, so they go when the profile ends.
    private readonly Dictionary<Place, int> _frames = [];
    private readonly Dictionary<(ulong Module, int Function), int> _functions = [];
    private readonly List<int> _walked = [];

    /// <summary>The stack at this moment.</summary>
    /// <param name="offset">The innermost instruction, when the guest's code told it.</param>
    public int Walk(long? offset)
    {
        _walked.Clear();
        var leftOut = 0;
        var activation = store.InterpreterDepth;
        var hasEnded = false;
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is not { } method)
            {
                continue;
            }

            if (activation > 0 && InterpreterFrames.IsActivation(method))
            {
                leftOut += AddInterpreted(store.InterpreterStack.FramesOf(--activation), offset);
                continue;
            }

            if (TailCallers.IsDispatcher(method))
            {
                hasEnded = true;
            }
            else if (hasEnded && MappedCode.TryFind(method, out _, out _))
            {
                hasEnded = false;
            }
            else if (_walked.Count == options.MaxFrames)
            {
                leftOut += MappedCode.TryFind(method, out _, out _) || HostStubs.FindName(method) is not null ? 1 : 0;
            }
            else if (MappedCode.TryFind(method, out var code, out var function))
            {
                // Only the innermost instruction is known exactly, and not when the guest is in a host function.
                if (FrameOf(code, function, _walked.Count == 0 ? offset : null, frame.GetILOffset()) is { } guest)
                {
                    _walked.Add(guest);
                }
            }
            else if (HostStubs.FindName(method) is { } name)
            {
                _walked.Add(symbols.HostFrame(name));
            }
        }

        var stack = leftOut == 0 ? StackTree.Root : stacks.Child(StackTree.Root, symbols.HostFrame("(outer frames left out)"));
        for (var i = _walked.Count - 1; i >= 0; i--)
        {
            stack = stacks.Child(stack, _walked[i]);
        }

        return stack;
    }

    // The functions of an activation of the interpreter; gives how many there was no room for.
    private int AddInterpreted(InterpretedFrames frames, long? offset)
    {
        var before = _walked.Count;
        foreach (var frame in frames.Kept)
        {
            if (_walked.Count < options.MaxFrames && FunctionOf(frames.State.Code!, frame.Function) is { } function)
            {
                _walked.Add(symbols.GuestFrame(function, _walked.Count == 0 && offset is { } told ? (int)told : frame.Offset));
            }
        }

        return frames.Count - (_walked.Count - before);
    }

    /// <summary>Lets the modules' code go.</summary>
    public void Forget()
    {
        _frames.Clear();
        _functions.Clear();
    }

    // Null for a guest of another Store, whose host function called this Store's: it is not what is profiled.
    private int? FrameOf(MappedCode code, int function, long? exact, int ilOffset)
    {
        var place = new Place(code, function, exact is { } told ? (int)told : ilOffset, exact is not null);
        if (!_frames.TryGetValue(place, out var frame))
        {
            if (FunctionOf(code, function) is not { } known)
            {
                return null;
            }

            var offset = exact is not null ? place.Offset : code.FindOffset(function, ilOffset, AddressSiteKind.Call);
            frame = symbols.GuestFrame(known, offset);
            _frames.Add(place, frame);
        }

        return frame;
    }

    private int? FunctionOf(MappedCode code, int function)
    {
        if (!_functions.TryGetValue((code.Range.Start, function), out var known))
        {
            // By address, as a trap does it: the registry's reference keeps the module alive while it is asked.
            if (store.Modules.Find(code.Range.Start) is not { } module)
            {
                return null;
            }

            var body = module.Syntax.Bodies[function];
            known = symbols.GuestFunction(
                module.Name ?? options.Name, module.FunctionName(function + module.Syntax.ImportedFunctionCount), body.Offset, body.Length, module.SourceMap);
            _functions.Add((code.Range.Start, function), known);
        }

        return known;
    }

    private readonly record struct Place(MappedCode Code, int Function, int Offset, bool IsExact);
}
