using System.Globalization;
using HostService.Runtime.Benchmarks.Rows;

namespace HostService.Runtime.Benchmarks.Targets;

/// <summary>Something that the engine is to reach.</summary>
/// <param name="Name">What is measured, and of what it is a part where it is one.</param>
/// <param name="Group">The group of rows that measures it, with the option that it needs.</param>
/// <param name="Record">The decision record that has what was tried and measured for it.</param>
/// <param name="Figure">Finds the figure among the rows; null when they have not been measured.</param>
internal sealed record Target(string Name, string Group, string Record, Func<Measured, Finding?> Figure)
{
    /// <summary>The most that the figure may be.</summary>
    public double? AtMost { get; init; }

    /// <summary>The least that the figure must be.</summary>
    public double? AtLeast { get; init; }

    /// <summary>A line for people: met, not met with the record, or where it is measured.</summary>
    public string Describe(Measured rows)
    {
        var limit = AtMost is { } most ? Text($"<= {most:0.##}") : AtLeast is { } least ? Text($">= {least:0.##}") : "";
        return Figure(rows) is not { } finding
            ? Text($"{"-",-12} {Name,-66} {limit,8} {"",9}  not measured: ratio --group {Group}")
            : Text($"{Verdict(finding.Value),-12} {Name,-66} {limit,8} {finding.Value,9:0.00}  {finding.Where}{(IsMissed(finding.Value) ? $"  docs/adr/{Record}" : "")}");
    }

    private string Verdict(double value) => IsMissed(value) ? "NOT MET" : AtMost is null && AtLeast is null ? "reported" : "met";

    // A figure that is no number meets nothing.
    private bool IsMissed(double value) => (AtMost is { } most && !(value <= most)) || (AtLeast is { } least && !(value >= least));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The figure that decides about a target.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Where">Which row has it, where several could.</param>
internal sealed record Finding(double Value, string Where = "");
