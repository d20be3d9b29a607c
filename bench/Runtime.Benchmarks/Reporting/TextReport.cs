using System.Globalization;
using HostService.Runtime.Benchmarks.Rows;
using HostService.Runtime.Benchmarks.Targets;

namespace HostService.Runtime.Benchmarks.Reporting;

/// <summary>Prints rows as they come, in aligned columns.</summary>
internal sealed class TextReport(TextWriter output)
{
    public void Heading(string text) => output.WriteLine(text);

    public void BeginGroup(string name, string theirs)
    {
        output.WriteLine();
        output.WriteLine($"{name,-30} {"ours",12} {theirs,12}      {"ratio",6}");
        output.WriteLine(new string('-', 69));
    }

    /// <summary>Ends with what is to be reached: each target, met or not, and its figure.</summary>
    public void Add(IReadOnlyList<Target> targets, Measured rows)
    {
        output.WriteLine();
        output.WriteLine($"{"targets",-79} {"limit",8} {"figure",9}");
        output.WriteLine(new string('-', 98));
        foreach (var target in targets)
            output.WriteLine(target.Describe(rows).TrimEnd());
        output.WriteLine("What sharing types among all modules saves, at 1, 100 and 10,000 functions: --filter '*SignatureSharing*'");
        output.Flush();
    }

    public void Add(Row row)
    {
        output.WriteLine(row.Error is { } error
            ? $"{row.Name,-30} {(row.IsUnsupported ? "not measured" : "ERROR")}: {error}"
            : string.Create(CultureInfo.InvariantCulture, $"{row.Name,-30} {row.Ours,12:0.000} {row.Theirs,12:0.000} {row.Unit,-4} {row.Ratio,6:0.00}  {row.Details}"));
        output.Flush();
    }
}
