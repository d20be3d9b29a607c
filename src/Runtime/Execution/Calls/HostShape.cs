using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Calls;

/// <summary>How a host delegate is called: whether it wants the caller, and the CLR types of its parameters and results.</summary>
internal sealed record HostShape(bool TakesCaller, ImmutableArray<Type> Parameters, ImmutableArray<Type> Results)
{
    /// <summary>The shape of a <see cref="HostCallback"/>, which takes and gives values in memory.</summary>
    public static HostShape Untyped { get; } = new(true, [], []);

    /// <summary>Reads a delegate's shape.</summary>
    /// <exception cref="ArgumentException">It has a type that maps to no WebAssembly type.</exception>
    public static HostShape Of(Delegate target)
    {
        var invoke = target.GetType().GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(parameter => parameter.ParameterType).ToImmutableArray();
        var takesCaller = !parameters.IsEmpty && parameters[0] == typeof(Caller);
        if (takesCaller)
        {
            parameters = parameters.RemoveAt(0);
        }

        var results = invoke.ReturnType switch
        {
            var type when type == typeof(void) => [],
            var type when typeof(ITuple).IsAssignableFrom(type) && type is { IsValueType: true, GenericTypeArguments.Length: <= 7 } => [.. type.GenericTypeArguments],
            var type => ImmutableArray.Create(type),
        };
        foreach (var type in parameters.Concat(results))
        {
            ValueTypeOf(type);
        }

        return new HostShape(takesCaller, parameters, results);
    }

    /// <summary>The WebAssembly type of a CLR type.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ValueType ValueTypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 or TypeCode.UInt32 when !type.IsEnum => ValueType.I32,
        TypeCode.Int64 or TypeCode.UInt64 when !type.IsEnum => ValueType.I64,
        TypeCode.Single => ValueType.F32,
        TypeCode.Double => ValueType.F64,
        _ when type == typeof(Vector128<byte>) => ValueType.V128,
        _ when type == typeof(Func) => ValueType.FuncRef,
        _ when type == typeof(object) => ValueType.ExternRef,
        _ => throw new ArgumentException(
            $"{type} maps to no WebAssembly type; int, uint, long, ulong, float, double, Vector128<byte>, Func and object do.", nameof(type)),
    };
}
