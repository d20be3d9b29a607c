using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Calls;

/// <summary>What the stubs of host functions call; see <see cref="HostStubs"/>.</summary>
internal static class HostCalls
{
    /// <summary>What to call.</summary>
    public static object Target(InstanceState caller, int index) => caller.Store.HostTargets[index];

    /// <summary>Whether an exception is a fault of the host, to be carried to the embedder untouched, rather than a guest's.</summary>
    public static bool IsHostFault(object thrown) => thrown is not WasmException;

    /// <summary>Marks a fault of the host.</summary>
    public static Exception Wrap(object thrown) => thrown as HostCallException ?? new HostCallException((Exception)thrown);

    /// <summary>A function reference as the host sees it.</summary>
    public static Func? ToFunc(object? reference, InstanceState caller) => reference is FuncRef function ? new Func(caller.Store, function) : null;

    /// <summary>A function as guests see it.</summary>
    public static object? FromFunc(Func? function, InstanceState caller) => function?.ReferenceIn(caller.Store);

    /// <summary>Leaves a result other than the first where the caller looks for it.</summary>
    public static void SetResult<T>(InstanceState caller, int slot, T value)
    {
        caller.Store.ReserveResults(slot + 2);
        ref var result = ref caller.Store.Results[slot];
        if (typeof(T) == typeof(Func))
        {
            result.Ref = FromFunc((Func?)(object?)value, caller);
        }
        else if (!typeof(T).IsValueType)
        {
            result.Ref = value;
        }
        else
        {
            var packed = ToValue(value);
            (result.Low, result.High) = (packed.Low, packed.High);
        }
    }

    /// <summary>Puts an argument of an untyped function on the Store's value stack.</summary>
    public static void Push<T>(InstanceState caller, T value) => caller.Store.Values.Push(ToValue(value));

    /// <summary>Takes the first result of an untyped function off the Store's value stack.</summary>
    public static T Pop<T>(InstanceState caller)
    {
        var value = caller.Store.Values.Pop();
        if (typeof(T) == typeof(object))
        {
            return Unsafe.As<object?, T>(ref value.Ref);
        }

        var bits = Vector128.Create(value.Low, value.High);
        return Unsafe.As<Vector128<ulong>, T>(ref bits);
    }

    /// <summary>Calls an untyped function whose arguments are on top of the value stack, and leaves its first result there instead.</summary>
    public static void InvokeUntyped(InstanceState caller, int index)
    {
        var function = (HostFunction)Target(caller, index);
        var values = caller.Store.Values;
        var (parameters, declared) = (function.Type.Parameters, function.Type.Results);
        var bottom = values.Count - parameters.Length;
        Value first;
        try
        {
            // Results lie above the arguments: a callback may read an argument after it set a result.
            values.Take(declared.Length).Clear();
            var all = values.Top(parameters.Length + declared.Length);
            var arguments = all[..parameters.Length];
            var results = all[parameters.Length..];
            FuncValues.ToHost(arguments, parameters.AsSpan(), caller.Store);
            ((HostCallback)function.Target)(new Caller(caller), arguments, results);
            FuncValues.ToGuest(results, declared.AsSpan(), caller.Store, "result");
            for (var i = 1; i < results.Length; i++)
            {
                caller.Store.ReserveResults(results.Length);
                ref var slot = ref caller.Store.Results[i - 1];
                (slot.Low, slot.High, slot.Ref) = (results[i].Low, results[i].High, results[i].Ref);
            }

            first = results.Length > 0 ? results[0] : default;
        }
        finally
        {
            values.DropTo(bottom);
        }

        if (declared.Length > 0)
        {
            values.Push(first);
        }
    }

    /// <summary>A value of a CLR type that carries a WebAssembly type.</summary>
    public static Value ToValue<T>(T value)
    {
        if (typeof(T) == typeof(int) || typeof(T) == typeof(uint))
        {
            return Value.FromI32(Unsafe.As<T, int>(ref value));
        }

        if (typeof(T) == typeof(long) || typeof(T) == typeof(ulong))
        {
            return Value.FromI64(Unsafe.As<T, long>(ref value));
        }

        if (typeof(T) == typeof(float))
        {
            return Value.FromF32(Unsafe.As<T, float>(ref value));
        }

        if (typeof(T) == typeof(double))
        {
            return Value.FromF64(Unsafe.As<T, double>(ref value));
        }

        return typeof(T) == typeof(Vector128<byte>) ? Value.FromV128(Unsafe.As<T, Vector128<byte>>(ref value)) : Value.FromRef(value);
    }
}
