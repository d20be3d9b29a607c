using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>How a call ended: with results or with a trap.</summary>
internal sealed record Outcome(TrapKind? Trap, ImmutableArray<Number> Results, string Detail = "")
{
    /// <summary>Where the active functions were when it trapped, innermost first.</summary>
    public ImmutableArray<Place> Frames { get; init; } = [];

    public bool Equals(Outcome? other) => other is not null && Trap == other.Trap && Results.AsSpan().SequenceEqual(other.Results.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Trap, Results.Length);

    public override string ToString() => Trap is null ? $"[{string.Join(", ", Results)}]" : $"trap {Trap} {Detail}";
}

/// <summary>Where a function was.</summary>
/// <param name="Offset">The instruction, in bytes from the start of the binary.</param>
/// <param name="IsApproximate">Whether the engine says that it may be another one nearby.</param>
/// <param name="IsSecond">Whether it is in the second of two modules.</param>
internal readonly record struct Place(long Offset, bool IsApproximate, bool IsSecond)
{
    public override string ToString() => $"{(IsSecond ? "second " : "")}+0x{Offset:x}";
}
