using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HostService.Runtime.Execution.Calls;

namespace HostService.Runtime.Interpretation;

/// <summary>Typed calls of interpreted functions: they go the way of untyped ones, whose arguments lie in memory.</summary>
internal static unsafe class InterpretedCall
{
    /// <summary>Whether a function is interpreted at the moment.</summary>
    public static bool Takes(Func function) => Interpreter.Find(function.Reference) != null;

    /// <summary>Calls a function without result.</summary>
    public static void Call(Func function, params ReadOnlySpan<Value> arguments) => function.Call(arguments, []);

    /// <summary>Calls a function with one result, whose type was compared with its.</summary>
    public static TResult Call<TResult>(Func function, params ReadOnlySpan<Value> arguments)
    {
        Value result = default;
        function.Call(arguments, new Span<Value>(ref result));
        return FromValue<TResult>(in result);
    }

    private static T FromValue<T>(in Value value)
    {
        if (!typeof(T).IsValueType)
        {
            return Unsafe.As<object?, T>(ref Unsafe.AsRef(in value.Ref));
        }

        var bits = Vector128.Create(value.Low, value.High);
        return Unsafe.As<Vector128<ulong>, T>(ref bits);
    }
}
