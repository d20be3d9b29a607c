using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Types;

namespace HostService.Runtime.Interpretation;

/// <content>Calls that leave the interpreter, or this instance.</content>
internal static unsafe partial class Interpreter
{
    /// <summary>Calls a function of another instance or of the host.</summary>
    /// <param name="state">The caller's instance.</param>
    /// <param name="stack">The Store's stack.</param>
    /// <param name="function">What to call.</param>
    /// <param name="values">The arguments; afterwards the results.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CallOut(InstanceState state, InterpreterStack stack, FuncRef function, ulong* values)
    {
        var type = state.Store.Engine.Signatures.FuncType(function.Signature);
        var interpreted = Find(function);
        if (interpreted != null)
        {
            var instance = function.State!;
            CheckRoom(instance, stack, interpreted, values, Math.Max(type.Parameters.Length, type.Results.Length));
            Enter(instance, stack, interpreted, values);
            return;
        }

        CallCode(state.Store, stack, function.Code, function.Signature, type, function.State ?? state, values);
        GC.KeepAlive(function);
    }

    /// <summary>Calls the compiled code of a function of this instance.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CallCompiled(InstanceState state, InterpreterStack stack, InterpretedFunction* function, ulong* values)
    {
        var module = state.Interpreter!;
        var index = module.IndexOf(function);
        CallCode(state.Store, stack, state.Code!.EntryPoint(index), module.SignatureOf(index), module.TypeOf(function), state, values);
    }

    private static void CallCode(Store store, InterpreterStack stack, nint code, int signature, FuncType type, InstanceState callee, ulong* values)
    {
        var parameters = type.Parameters.AsSpan();
        var declared = type.Results.AsSpan();
        var next = stack.NextFrame;
        var bottom = store.Values.Count;
        var passed = store.Values.Take(parameters.Length + declared.Length + 1);
        for (var i = 0; i < parameters.Length; i++)
        {
            passed[i].Low = values[i];
        }

        try
        {
            // What is called may come back into the interpreter: its frames begin behind the arguments, which are the last operands of this one.
            stack.NextFrame = values + Math.Max(parameters.Length, declared.Length);
            store.Engine.Signatures.Trampoline(signature)(code, callee, ref passed[0], ref passed[parameters.Length]);
            for (var i = 0; i < declared.Length; i++)
            {
                values[i] = passed[parameters.Length + i].Low;
            }
        }
        finally
        {
            stack.NextFrame = next;
            store.Values.DropTo(bottom);
        }
    }

    /// <summary>A loop is hot: runs the rest of the function compiled, if there is code for that.</summary>
    /// <returns>Whether the function has returned; its results are at the start of its frame.</returns>
    private static bool FinishCompiled(InstanceState state, InterpreterStack stack, Step* header, ulong* frame)
    {
        var module = state.Interpreter!;
        var function = stack.Top->Function;
        header->Low = -module.LoopThreshold;
        if (module.TierUp?.LoopReached(state, module.IndexOf(function), header->High) is not { } code || code == 0)
        {
            return false;
        }

        // The rest of the function is a CLR frame: what it calls in the interpreter begins behind it.
        var next = stack.NextFrame;
        try
        {
            stack.NextFrame = frame + function->FrameSlots;
            stack.IsContinued = true;
            Finish(code, module.TypeOf(function).Results.AsSpan(), frame, state);
        }
        finally
        {
            stack.NextFrame = next;
            stack.IsContinued = false;
        }

        return true;
    }

    private static void Finish(nint code, ReadOnlySpan<ValueType> results, ulong* frame, InstanceState state)
    {
        switch (results.IsEmpty ? ValueKind.None : results[0].Kind)
        {
            case ValueKind.None: ((delegate*<ulong*, object?[]?, int, InstanceState, void>)code)(frame, null, 0, state); break;
            case ValueKind.I32: *(int*)frame = ((delegate*<ulong*, object?[]?, int, InstanceState, int>)code)(frame, null, 0, state); break;
            case ValueKind.I64: *(long*)frame = ((delegate*<ulong*, object?[]?, int, InstanceState, long>)code)(frame, null, 0, state); break;
            case ValueKind.F32: *(float*)frame = ((delegate*<ulong*, object?[]?, int, InstanceState, float>)code)(frame, null, 0, state); break;
            default: *(double*)frame = ((delegate*<ulong*, object?[]?, int, InstanceState, double>)code)(frame, null, 0, state); break;
        }

        for (var i = 1; i < results.Length; i++)
        {
            frame[i] = state.Store.Results[i - 1].Low;
        }
    }
}
