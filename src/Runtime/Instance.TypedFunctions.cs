using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Interpretation;

namespace HostService.Runtime;

/// <content>Typed functions: delegates that call a guest with neither boxing nor look-ups.</content>
public sealed partial class Instance
{
    /// <summary>A typed delegate for an exported function.</summary>
    /// <param name="name">The export's name.</param>
    /// <remarks>
    /// <c>int</c> and <c>uint</c> stand for i32, <c>long</c> and <c>ulong</c> for i64, <c>float</c> for f32, <c>double</c> for f64, <c>Vector128</c> of any element for v128 and
    /// <c>object</c> for externref. Make the delegate once and call it often. The call throws <see cref="Errors.TrapException"/> when the guest traps.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no such function, or it has other types.</exception>
    public System.Func<TResult> GetFunction<TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult));
        return InterpretedCall.Takes(function) ? () => InterpretedCall.Call<TResult>(function, []) : new TypedFunc<TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action GetAction(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null);
        return InterpretedCall.Takes(function) ? () => InterpretedCall.Call(function, []) : new TypedAction(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, TResult> GetFunction<T1, TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1));
        return InterpretedCall.Takes(function) ? arg1 => InterpretedCall.Call<TResult>(function, [HostCalls.ToValue(arg1)]) : new TypedFunc<T1, TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1> GetAction<T1>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null, typeof(T1));
        return InterpretedCall.Takes(function) ? arg1 => InterpretedCall.Call(function, [HostCalls.ToValue(arg1)]) : new TypedAction<T1>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, TResult> GetFunction<T1, T2, TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2));
        return InterpretedCall.Takes(function) ? (arg1, arg2) => InterpretedCall.Call<TResult>(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2)]) : new TypedFunc<T1, T2, TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2> GetAction<T1, T2>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2));
        return InterpretedCall.Takes(function) ? (arg1, arg2) => InterpretedCall.Call(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2)]) : new TypedAction<T1, T2>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, TResult> GetFunction<T1, T2, T3, TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3) => InterpretedCall.Call<TResult>(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3)]) : new TypedFunc<T1, T2, T3, TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3> GetAction<T1, T2, T3>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3) => InterpretedCall.Call(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3)]) : new TypedAction<T1, T2, T3>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, TResult> GetFunction<T1, T2, T3, T4, TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4) => InterpretedCall.Call<TResult>(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4)]) : new TypedFunc<T1, T2, T3, T4, TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4> GetAction<T1, T2, T3, T4>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4) => InterpretedCall.Call(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4)]) : new TypedAction<T1, T2, T3, T4>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, T5, TResult> GetFunction<T1, T2, T3, T4, T5, TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4, arg5) => InterpretedCall.Call<TResult>(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4), HostCalls.ToValue(arg5)]) : new TypedFunc<T1, T2, T3, T4, T5, TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4, T5> GetAction<T1, T2, T3, T4, T5>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4, arg5) => InterpretedCall.Call(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4), HostCalls.ToValue(arg5)]) : new TypedAction<T1, T2, T3, T4, T5>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, T5, T6, TResult> GetFunction<T1, T2, T3, T4, T5, T6, TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4, arg5, arg6) => InterpretedCall.Call<TResult>(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4), HostCalls.ToValue(arg5), HostCalls.ToValue(arg6)]) : new TypedFunc<T1, T2, T3, T4, T5, T6, TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4, T5, T6> GetAction<T1, T2, T3, T4, T5, T6>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4, arg5, arg6) => InterpretedCall.Call(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4), HostCalls.ToValue(arg5), HostCalls.ToValue(arg6)]) : new TypedAction<T1, T2, T3, T4, T5, T6>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, T5, T6, T7, TResult> GetFunction<T1, T2, T3, T4, T5, T6, T7, TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4, arg5, arg6, arg7) => InterpretedCall.Call<TResult>(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4), HostCalls.ToValue(arg5), HostCalls.ToValue(arg6), HostCalls.ToValue(arg7)]) : new TypedFunc<T1, T2, T3, T4, T5, T6, T7, TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4, T5, T6, T7> GetAction<T1, T2, T3, T4, T5, T6, T7>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4, arg5, arg6, arg7) => InterpretedCall.Call(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4), HostCalls.ToValue(arg5), HostCalls.ToValue(arg6), HostCalls.ToValue(arg7)]) : new TypedAction<T1, T2, T3, T4, T5, T6, T7>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> GetFunction<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8) => InterpretedCall.Call<TResult>(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4), HostCalls.ToValue(arg5), HostCalls.ToValue(arg6), HostCalls.ToValue(arg7), HostCalls.ToValue(arg8)]) : new TypedFunc<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(function).Invoke;
    }

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4, T5, T6, T7, T8> GetAction<T1, T2, T3, T4, T5, T6, T7, T8>(string name)
    {
        var function = TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8));
        return InterpretedCall.Takes(function) ? (arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8) => InterpretedCall.Call(function, [HostCalls.ToValue(arg1), HostCalls.ToValue(arg2), HostCalls.ToValue(arg3), HostCalls.ToValue(arg4), HostCalls.ToValue(arg5), HostCalls.ToValue(arg6), HostCalls.ToValue(arg7), HostCalls.ToValue(arg8)]) : new TypedAction<T1, T2, T3, T4, T5, T6, T7, T8>(function).Invoke;
    }
}
