using System.Collections.Immutable;

namespace HostService.Runtime.Types;

/// <summary>A function type: what a function takes and what it gives back. Equality is by content.</summary>
/// <remarks>Immutable and thread-safe. <see href="https://webassembly.github.io/spec/core/syntax/types.html#composite-types">Spec: composite types</see></remarks>
public sealed class FuncType : IEquatable<FuncType>
{
    /// <summary>Makes a function type.</summary>
    public FuncType(ImmutableArray<ValueType> parameters, ImmutableArray<ValueType> results)
    {
        Parameters = parameters.IsDefault ? [] : parameters;
        Results = results.IsDefault ? [] : results;
    }

    /// <summary>The parameters, first to last.</summary>
    public ImmutableArray<ValueType> Parameters { get; }

    /// <summary>The results, first to last.</summary>
    public ImmutableArray<ValueType> Results { get; }

    /// <inheritdoc/>
    public bool Equals(FuncType? other) =>
        other is not null && Parameters.AsSpan().SequenceEqual(other.Parameters.AsSpan()) && Results.AsSpan().SequenceEqual(other.Results.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FuncType);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Parameters.Length);
        foreach (var parameter in Parameters)
        {
            hash.Add(parameter);
        }

        foreach (var result in Results)
        {
            hash.Add(result);
        }

        return hash.ToHashCode();
    }

    /// <summary>The text format's form, such as <c>(func (param i32 i32) (result i64))</c>.</summary>
    public override string ToString()
    {
        var parameters = Parameters.IsEmpty ? "" : $" (param {string.Join(' ', Parameters)})";
        var results = Results.IsEmpty ? "" : $" (result {string.Join(' ', Results)})";
        return $"(func{parameters}{results})";
    }
}
