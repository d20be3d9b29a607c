using System.Runtime.Intrinsics;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Calls;

/// <summary>Which CLR type carries each WebAssembly type in the signatures of compiled functions.</summary>
internal static class ClrTypes
{
    /// <summary>The CLR type of a WebAssembly type; every reference is an <see cref="object"/>.</summary>
    public static Type Of(ValueType type) => type.Kind switch
    {
        ValueKind.I32 => typeof(int),
        ValueKind.I64 => typeof(long),
        ValueKind.F32 => typeof(float),
        ValueKind.F64 => typeof(double),
        ValueKind.V128 => typeof(Vector128<byte>),
        ValueKind.Ref => typeof(object),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a value type."),
    };

    /// <summary>What the IL return type is: that of the first result, or void. Further results go through <see cref="Store.Results"/>.</summary>
    public static Type ReturnTypeOf(FuncType type) => type.Results.IsEmpty ? typeof(void) : Of(type.Results[0]);

    /// <summary>The parameters of a compiled function: the WebAssembly parameters, then the <see cref="InstanceState"/>.</summary>
    public static Type[] ParametersOf(FuncType type) => [.. type.Parameters.Select(Of), typeof(InstanceState)];
}
