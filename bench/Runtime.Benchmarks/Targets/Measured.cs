using System.Globalization;
using HostService.Runtime.Benchmarks.Rows;

namespace HostService.Runtime.Benchmarks.Targets;

/// <summary>The rows of a run, as targets look at them. A row that failed has a figure that meets nothing.</summary>
internal sealed class Measured(IReadOnlyList<Row> rows)
{
    /// <summary>Our time divided by the peer's, of one row.</summary>
    public Finding? Ratio(string group, string row) => Rows(group, row) is [var found] ? new Finding(found.Ratio, ProcessorTime(found)) : null;

    /// <summary>The largest of these ratios.</summary>
    public Finding? WorstRatio(string group, params string[] names) => Worst(Rows(group, names), row => row.Ratio);

    /// <summary>The largest ratio of a group, its mean aside.</summary>
    public Finding? WorstOfAll(string group, string mean) => Worst([.. rows.Where(row => row.Group == group && row.Name != mean)], row => row.Ratio);

    /// <summary>One row's figure.</summary>
    public Finding? Figure(string group, string row, string figure) => Rows(group, row) is [var found] && (found.Error is not null || found.Figures.ContainsKey(figure))
        ? new Finding(found.Figures.GetValueOrDefault(figure, double.NaN))
        : null;

    /// <summary>The largest figure of a name in a group.</summary>
    public Finding? WorstFigure(string group, string figure) =>
        Worst([.. rows.Where(row => row.Group == group && (row.Error is not null || row.Figures.ContainsKey(figure)))], row => row.Figures.GetValueOrDefault(figure, double.NaN));

    /// <summary>Whatever can be made of one row.</summary>
    public Finding? Of(string group, string row, Func<Row, double> value, string where = "") => Rows(group, row) is [var found] ? new Finding(value(found), where) : null;

    // Beside what the clock says, for a machine that has other work.
    private static string ProcessorTime(Row row) => row.CpuRatio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"(processor time {ratio:0.00})") : "";

    private List<Row> Rows(string group, params string[] names) => [.. rows.Where(row => row.Group == group && names.Contains(row.Name))];

    private static Finding? Worst(List<Row> candidates, Func<Row, double> value)
    {
        // NaN, of a row that failed, is worse than any number.
        var worst = candidates.OrderByDescending(row => double.IsNaN(value(row)) ? double.PositiveInfinity : value(row)).FirstOrDefault();
        return worst is null ? null : new Finding(value(worst), $"{worst.Name} {ProcessorTime(worst)}".TrimEnd());
    }
}
