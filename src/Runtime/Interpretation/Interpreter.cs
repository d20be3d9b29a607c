using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Interruption;
using HostService.Runtime.Types;

namespace HostService.Runtime.Interpretation;

/// <summary>Runs functions without compiling them. See docs/adr/0058.</summary>
/// <remarks>
/// Calls between interpreted functions of one instance do not use the CLR's stack: an activation is one call of <see cref="Run"/>, made where the host or compiled code calls an interpreted function, and stands for
/// a list of frames, which <see cref="InterpreterStack"/> holds.
/// </remarks>
internal static unsafe partial class Interpreter
{
    /// <summary>Has the CLR compile the loop and the translator.</summary>
    public static void Warm()
    {
        RuntimeHelpers.PrepareMethod(InterpreterFrames.LoopMethod.MethodHandle);
        FunctionTranslator.Warm();
    }

    /// <summary>The interpreted function that a reference is to; null when its code is to be called.</summary>
    public static InterpretedFunction* Find(FuncRef reference) =>
        reference.State is { Interpreter: { } module } state && reference.FunctionIndex >= state.ImportedFunctions.Length ? module.Find(reference.FunctionIndex) : null;

    /// <summary>Calls an interpreted function with values in memory, as an <see cref="EntryTrampoline"/> calls a compiled one.</summary>
    /// <param name="state">Its instance.</param>
    /// <param name="function">The function, counted without the imported ones.</param>
    /// <param name="arguments">The first argument; the rest follow. Their types were checked.</param>
    /// <param name="results">Where the first result goes; the rest follow.</param>
    public static void Invoke(InstanceState state, InterpretedFunction* function, ref Value arguments, ref Value results)
    {
        var stack = state.Store.InterpreterStack;
        var type = state.Interpreter!.TypeOf(function);
        var frame = stack.NextFrame;
        CheckRoom(state, stack, function, frame, Math.Max(type.Parameters.Length, type.Results.Length));
        for (var i = 0; i < type.Parameters.Length; i++)
        {
            frame[i] = Unsafe.Add(ref arguments, i).Low;
        }

        Enter(state, stack, function, frame);
        for (var i = 0; i < type.Results.Length; i++)
        {
            var kind = type.Results[i].Kind;
            Unsafe.Add(ref results, i) = new Value { KindTag = kind, Low = kind is ValueKind.I32 or ValueKind.F32 ? (uint)frame[i] : frame[i] };
        }
    }

    /// <summary>Begins an activation, runs it and ends it.</summary>
    private static void Enter(InstanceState state, InterpreterStack stack, InterpretedFunction* function, ulong* frame)
    {
        var probe = 0;
        if ((nuint)(&probe) < state.Store.Control->LowestAddress)
        {
            throw Exhausted(state, function);
        }

        var firstCalls = stack.Depth == 0 && state.Interpreter!.FirstCalls is { } calls && calls.Begin() ? calls : null;
        var activation = stack.Begin(state);
        try
        {
            Run(state, stack, function, frame);
        }
        catch (Exception thrown) when (InterpreterFrames.Keep(thrown, stack, activation))
        {
            throw; // never: the filter only looks
        }
        finally
        {
            stack.End(activation);
            firstCalls?.End();
        }
    }

    private static void CheckRoom(InstanceState state, InterpreterStack stack, InterpretedFunction* function, ulong* frame, int slots)
    {
        if ((CallRecord*)(frame + slots) + 1 > stack.Top)
        {
            throw Exhausted(state, function);
        }
    }

    private static void Move(ulong* to, ulong* from, int count) => new Span<ulong>(from, count).CopyTo(new Span<ulong>(to, count));

    private static TrapException Exhausted(InstanceState state, InterpretedFunction* function) =>
        Traps.Trap(TrapCode.CallStackExhausted, state.Interpreter!.OffsetOf(function));

    private static Step* Begin(InstanceState state, InterpretedFunction* function) => state.Interpreter!.Translate(function);

    private static void Called(InstanceState state, InterpretedFunction* function)
    {
        var module = state.Interpreter!;
        function->Calls = -module.CallThreshold;
        function->IsHot = true;
        module.TierUp?.Called(state, module.IndexOf(function));
    }

    private static void DeadlineReached(InstanceState state, InterpreterStack stack, InterpretedFunction* function)
    {
        Step entry = default;
        entry.High = state.Interpreter!.OffsetOf(function);
        stack.Mark(&entry);
        state.Store.DeadlineReached(entry.High);
    }
}
