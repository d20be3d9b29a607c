using System.Runtime.Intrinsics;
using HostService.Runtime.Types;

namespace HostService.Runtime.Execution.Calls;

/// <summary>The base of typed calls: what they call, and the check that their CLR types are the function's.</summary>
internal abstract class TypedCall(Func function)
{
    /// <summary>The Store of the function.</summary>
    protected Store Store { get; } = function.Store;

    /// <summary>What to call.</summary>
    protected nint Code { get; } = function.Reference.Code;

    /// <summary>The instance that is called, or what stands for the host when a host function is.</summary>
    protected InstanceState State { get; } = function.Reference.State ?? function.Store.HostState;

    // Keeps the code from being unloaded.
    private readonly FuncRef _reference = function.Reference;

    /// <summary>The function, once its type is known to be what the CLR types say.</summary>
    /// <exception cref="ArgumentException">It has other types.</exception>
    public static Func Check(Func function, Type? result, params ReadOnlySpan<Type> parameters)
    {
        var type = function.Type;
        var matches = type.Parameters.Length == parameters.Length && type.Results.Length == (result is null ? 0 : 1)
            && (result is null || Carries(result, type.Results[0]));
        for (var i = 0; matches && i < parameters.Length; i++)
        {
            matches = Carries(parameters[i], type.Parameters[i]);
        }

        return matches ? function : throw new ArgumentException(
            $"The function has the type {type}, which isn't ({string.Join(", ", parameters.ToArray().Select(parameter => parameter.Name))}) → {result?.Name ?? "void"}. " +
            "Use Func.Call for references to functions and for several results.");
    }

    private static bool Carries(Type clr, ValueType type) => type.Kind switch
    {
        ValueKind.I32 => clr == typeof(int) || clr == typeof(uint),
        ValueKind.I64 => clr == typeof(long) || clr == typeof(ulong),
        ValueKind.F32 => clr == typeof(float),
        ValueKind.F64 => clr == typeof(double),
        ValueKind.V128 => clr.IsGenericType && clr.GetGenericTypeDefinition() == typeof(Vector128<>),
        // Only where any object is a value of the type: other references need checks that a typed call doesn't make.
        _ => clr == typeof(object) && type == ValueType.ExternRef,
    };
}
