using System.Collections.Immutable;
using System.Text.Json;
using HostService.Runtime.Conformance.Running;

namespace HostService.Runtime.Conformance.Reports;

/// <summary>The report for programs: <c>{passed, failed, skipped, scripts: [{name, passed, failed, skipped, failures: […]}]}</c>.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    public static void Write(string path, ImmutableArray<ScriptResult> results)
    {
        var report = new
        {
            Passed = results.Sum(result => result.Passed),
            Failed = results.Sum(result => result.Failed),
            Skipped = results.Sum(result => result.Skipped),
            Scripts = results.Select(result => new { result.Name, result.Passed, result.Failed, result.Skipped, result.Failures }),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, s_options) + "\n");
    }
}
