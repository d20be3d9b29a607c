using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>How a call ended: with results or with a trap.</summary>
internal sealed record Outcome(TrapKind? Trap, ImmutableArray<Number> Results, string Detail = "")
{
    public bool Equals(Outcome? other) => other is not null && Trap == other.Trap && Results.AsSpan().SequenceEqual(other.Results.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Trap, Results.Length);

    public override string ToString() => Trap is null ? $"[{string.Join(", ", Results)}]" : $"trap {Trap} {Detail}";
}
