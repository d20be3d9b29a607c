using HostService.Runtime.Benchmarks.Measuring;

namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>One line of the result.</summary>
/// <param name="Group"><c>instantiate</c>, <c>compute</c>, <c>call</c>, <c>compile</c> or <c>program</c>.</param>
/// <param name="Name">The row's name, stable between runs.</param>
/// <param name="Unit">The unit of <paramref name="Ours"/> and <paramref name="Theirs"/>.</param>
/// <param name="Ours">Our time per operation.</param>
/// <param name="Theirs">The peer's.</param>
internal sealed record Row(string Group, string Name, string Unit, double Ours, double Theirs)
{
    /// <summary>Our time divided by theirs: below 1, we are faster.</summary>
    public double Ratio => Ours / Theirs;

    /// <summary>The same of processor time, where it was measured; not part of the JSON.</summary>
    public double? CpuRatio { get; init; }

    /// <summary>What was measured beside the two times, by name; the targets look here. Not part of the JSON.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>More that is worth printing, such as processor time per operation; not part of the JSON.</summary>
    public string Details { get; init; } = "";

    /// <summary>Why the row has no numbers; <see langword="null"/> when it has.</summary>
    public string? Error { get; init; }

    /// <summary>Whether our engine says that it does not compile what the module uses, which is not an error and has no place in the JSON.</summary>
    public bool IsUnsupported { get; init; }

    /// <summary>The row with one more figure.</summary>
    public Row With(string figure, double value) => this with { Figures = new Dictionary<string, double>(Figures) { [figure] = value } };

    public static Row From(string group, string name, Unit unit, Sample ours, Sample theirs) =>
        new(group, name, unit.Symbol, ours.Seconds * unit.PerSecond, theirs.Seconds * unit.PerSecond);

    public static Row Failed(string group, string name, Unit unit, string error) =>
        new(group, name, unit.Symbol, double.NaN, double.NaN) { Error = error };
}

/// <summary>A unit of time.</summary>
internal sealed record Unit(string Symbol, double PerSecond)
{
    public static Unit Milliseconds { get; } = new("ms", 1e3);

    public static Unit Microseconds { get; } = new("us", 1e6);

    public static Unit Nanoseconds { get; } = new("ns", 1e9);
}
