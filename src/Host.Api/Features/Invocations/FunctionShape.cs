using System.Collections.Immutable;
using HostService.Runtime.Types;

namespace HostService.Host.Features.Invocations;

/// <summary>What a call over JSON needs to know of a function, computed when its module is compiled.</summary>
internal sealed class FunctionShape
{
    public FunctionShape(string name, FuncType type)
    {
        Name = name;
        Type = type;
        Parameters = [.. type.Parameters.Select(parameter => parameter.Kind)];
        Results = [.. type.Results.Select(result => result.Kind)];
        Takes = $"{name} takes ({string.Join(", ", type.Parameters)}) and returns ({string.Join(", ", type.Results)})";
        Obstacle = type.Parameters.Concat(type.Results).FirstOrDefault(value => !IsNumber(value.Kind)) is { Kind: not ValueKind.None } obstacle
            ? $"{Takes}; {obstacle} has no form in JSON"
            : null;
    }

    public string Name { get; }

    public FuncType Type { get; }

    public ImmutableArray<ValueKind> Parameters { get; }

    public ImmutableArray<ValueKind> Results { get; }

    /// <summary>The parameters and results in words, for those who got them wrong.</summary>
    public string Takes { get; }

    /// <summary>Why the function can't be called with JSON, or null when it can.</summary>
    public string? Obstacle { get; }

    private static bool IsNumber(ValueKind kind) => kind is ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64;
}
