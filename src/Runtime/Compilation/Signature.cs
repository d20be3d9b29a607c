using HostService.Runtime.Compilation.IL;
using HostService.Runtime.Types;

namespace HostService.Runtime.Compilation;

/// <summary>A function or block type as the compiler needs it: the shapes of its parameters and results.</summary>
internal sealed class Signature(ValueKind[] parameters, ValueKind[] results)
{
    private static readonly Signature[] s_ofResult = [.. Enumerable.Range(0, (int)ValueKind.Ref + 1)
        .Select(kind => new Signature([], kind == 0 ? [] : [(ValueKind)kind]))];

    /// <summary>The parameters, first to last.</summary>
    public ValueKind[] Parameters => parameters;

    /// <summary>The same as arguments of a method.</summary>
    public ILType[] Arguments { get; } = [.. parameters.Select(kind => (ILType)kind)];

    /// <summary>The results, first to last.</summary>
    public ValueKind[] Results => results;

    /// <summary>What the compiled function returns itself: its first result, if it has any.</summary>
    public ILType ReturnType => results.Length == 0 ? ILType.Void : (ILType)results[0];

    /// <summary>The type of a block with one result, or none.</summary>
    public static Signature OfResult(ValueKind kind) => s_ofResult[(int)kind];

    /// <summary>The shapes of a function type.</summary>
    public static Signature Of(FuncType type) => new(
        [.. type.Parameters.Select(parameter => parameter.Kind)],
        [.. type.Results.Select(result => result.Kind)]);
}
