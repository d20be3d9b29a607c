using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HostService.Runtime.Conformance.Running;

namespace HostService.Runtime.Conformance.Reports;

/// <summary>The report for people: one line a script, its failures under it, and the totals.</summary>
internal static class ConsoleReport
{
    /// <summary>Which vector instructions RyuJIT may use here: what a machine lacks takes other code.</summary>
    public static void WriteMachine(TextWriter output) => output.WriteLine(
        $"{RuntimeInformation.ProcessArchitecture}, vectors: {(Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Avx.IsSupported ? "AVX" : Vector128.IsHardwareAccelerated ? "128 bits" : "none")}");

    public static void Write(TextWriter output, ScriptResult result)
    {
        output.WriteLine($"{result.Name}: {Counts(result.Passed, result.Failed, result.Skipped)}");
        foreach (var failure in result.Failures)
        {
            output.WriteLine($"    {failure}");
        }
    }

    public static void WriteTotals(TextWriter output, ImmutableArray<ScriptResult> results) =>
        output.WriteLine($"total of {results.Length} scripts: {Counts(results.Sum(result => result.Passed), results.Sum(result => result.Failed), results.Sum(result => result.Skipped))}");

    private static string Counts(int passed, int failed, int skipped) => $"{passed} passed, {failed} failed, {skipped} skipped";
}
