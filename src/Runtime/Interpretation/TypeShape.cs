using HostService.Runtime.Syntax;
using HostService.Runtime.Types;

namespace HostService.Runtime.Interpretation;

/// <summary>What the translator needs of a function type, by type index.</summary>
/// <param name="Parameters">How many it takes.</param>
/// <param name="Results">How many it gives.</param>
/// <param name="IsNumeric">Whether they are all numbers: what else there is is left to compiled code. False for types of structures and arrays.</param>
internal readonly record struct TypeShape(int Parameters, int Results, bool IsNumeric)
{
    /// <summary>The shapes of a module's types.</summary>
    public static TypeShape[] Of(ModuleSyntax syntax) => [.. syntax.Types.Select(type => type.Composite is FuncComposite { Type: var function }
        ? new TypeShape(function.Parameters.Length, function.Results.Length, AreNumbers(function.Parameters.AsSpan()) && AreNumbers(function.Results.AsSpan()))
        : default)];

    /// <summary>Whether a slot of 64 bits holds a value of a type.</summary>
    public static bool IsNumber(ValueType type) => type.Kind is ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64;

    private static bool AreNumbers(ReadOnlySpan<ValueType> types)
    {
        foreach (var type in types)
        {
            if (!IsNumber(type))
            {
                return false;
            }
        }

        return true;
    }
}
