namespace HostService.Runtime.Types;

/// <summary>How small and how large a memory or table may be, in its own units (pages, elements).</summary>
/// <param name="Minimum">The size at the start.</param>
/// <param name="Maximum">The size never to be passed, or null when only the address type and the host bound it.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#limits">Spec: limits</see></remarks>
public readonly record struct Limits(ulong Minimum, ulong? Maximum)
{
    /// <summary>Whether something with these actual limits may be imported where <paramref name="required"/> is asked for.</summary>
    internal bool Matches(Limits required) =>
        Minimum >= required.Minimum && (required.Maximum is null || (Maximum is { } maximum && maximum <= required.Maximum));

    /// <summary>Which rule of validation they break, in the specification's words, or null.</summary>
    internal string? FindProblem() => Maximum < Minimum ? $"size minimum must not be greater than maximum: {this}" : null;

    /// <summary>The text format's form: <c>1</c> or <c>1 2</c>.</summary>
    public override string ToString() => Maximum is { } maximum ? $"{Minimum} {maximum}" : $"{Minimum}";
}
