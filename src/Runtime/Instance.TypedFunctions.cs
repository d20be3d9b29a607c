using HostService.Runtime.Execution.Calls;

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
    public System.Func<TResult> GetFunction<TResult>(string name) => new TypedFunc<TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action GetAction(string name) => new TypedAction(TypedCall.Check(RequireFunction(name), null)).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, TResult> GetFunction<T1, TResult>(string name) => new TypedFunc<T1, TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1> GetAction<T1>(string name) => new TypedAction<T1>(TypedCall.Check(RequireFunction(name), null, typeof(T1))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, TResult> GetFunction<T1, T2, TResult>(string name) => new TypedFunc<T1, T2, TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2> GetAction<T1, T2>(string name) => new TypedAction<T1, T2>(TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, TResult> GetFunction<T1, T2, T3, TResult>(string name) => new TypedFunc<T1, T2, T3, TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3> GetAction<T1, T2, T3>(string name) => new TypedAction<T1, T2, T3>(TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, TResult> GetFunction<T1, T2, T3, T4, TResult>(string name) => new TypedFunc<T1, T2, T3, T4, TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4> GetAction<T1, T2, T3, T4>(string name) => new TypedAction<T1, T2, T3, T4>(TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, T5, TResult> GetFunction<T1, T2, T3, T4, T5, TResult>(string name) => new TypedFunc<T1, T2, T3, T4, T5, TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4, T5> GetAction<T1, T2, T3, T4, T5>(string name) => new TypedAction<T1, T2, T3, T4, T5>(TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, T5, T6, TResult> GetFunction<T1, T2, T3, T4, T5, T6, TResult>(string name) => new TypedFunc<T1, T2, T3, T4, T5, T6, TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4, T5, T6> GetAction<T1, T2, T3, T4, T5, T6>(string name) => new TypedAction<T1, T2, T3, T4, T5, T6>(TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, T5, T6, T7, TResult> GetFunction<T1, T2, T3, T4, T5, T6, T7, TResult>(string name) => new TypedFunc<T1, T2, T3, T4, T5, T6, T7, TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4, T5, T6, T7> GetAction<T1, T2, T3, T4, T5, T6, T7>(string name) => new TypedAction<T1, T2, T3, T4, T5, T6, T7>(TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public System.Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> GetFunction<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(string name) => new TypedFunc<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(TypedCall.Check(RequireFunction(name), typeof(TResult), typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8))).Invoke;

    /// <inheritdoc cref="GetFunction{TResult}(string)"/>
    public Action<T1, T2, T3, T4, T5, T6, T7, T8> GetAction<T1, T2, T3, T4, T5, T6, T7, T8>(string name) => new TypedAction<T1, T2, T3, T4, T5, T6, T7, T8>(TypedCall.Check(RequireFunction(name), null, typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8))).Invoke;
}
