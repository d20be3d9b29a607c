using System.Collections.Immutable;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Types;

namespace HostService.Runtime;

/// <summary>A function of the host that guests may call, not yet bound to any Engine or Store.</summary>
/// <remarks>
/// Immutable; the delegate must be as thread-safe as its use: one HostFunction serves all Stores of all Engines it is given to.
/// <see href="https://webassembly.github.io/spec/core/exec/runtime.html#host-functions">Spec: host functions</see>
/// </remarks>
public sealed class HostFunction
{
    private HostFunction(Delegate target, FuncType type, HostShape shape) => (Target, Type, Shape) = (target, type, shape);

    /// <summary>The WebAssembly type that importing modules see.</summary>
    public FuncType Type { get; }

    internal Delegate Target { get; }

    internal HostShape Shape { get; }

    /// <summary>Makes a host function whose type follows from a delegate's.</summary>
    /// <param name="target">
    /// Its first parameter may be a <see cref="Caller"/>. The others and the result map so: <c>int</c> and <c>uint</c> to i32, <c>long</c> and <c>ulong</c> to i64,
    /// <c>float</c> to f32, <c>double</c> to f64, <c>Vector128&lt;byte&gt;</c> to v128, <see cref="Func"/> to funcref and <c>object</c> to externref. Several results are a value tuple
    /// of up to seven of these.
    /// </param>
    /// <exception cref="ArgumentException">A parameter or the result has a type that none of these is.</exception>
    public static HostFunction Create(Delegate target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var shape = HostShape.Of(target);
        return new HostFunction(target, new FuncType(
            [.. shape.Parameters.Select(HostShape.ValueTypeOf)], [.. shape.Results.Select(HostShape.ValueTypeOf)]), shape);
    }

    /// <summary>Makes a host function of a given type.</summary>
    /// <param name="type">Its type. References to defined types must be an Engine's (<see cref="HeapKind.Canonical"/>), and the function is then of use in that Engine only.</param>
    /// <param name="callback">Called with the arguments in memory.</param>
    public static HostFunction Create(FuncType type, HostCallback callback)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(callback);
        return new HostFunction(callback, type, HostShape.Untyped);
    }
}
