using System.Globalization;
using System.Text.Json;

namespace HostService.RealPrograms.Report;

/// <summary>Prints the report as a Markdown table, and as JSON.</summary>
internal static class ReportText
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(TextWriter output, IEnumerable<ReportLine> lines)
    {
        output.WriteLine("| program | MB | ready, s | Wasmtime | first call, ms | Wasmtime | tenth call, ms | Wasmtime | optimised, s | call then, ms |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (name, size, service, wasmtime) in lines)
        {
            var early = service.Early;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {size / 1e6:0.0} | {early.ReadySeconds:0.00} | {Text(wasmtime?.ReadySeconds, "0.00")} | {early.FirstMilliseconds:0.0} | {Text(wasmtime?.FirstMilliseconds)} | {early.TenthMilliseconds:0.0} | {Text(wasmtime?.TenthMilliseconds)} | {service.OptimizedSeconds:0.00} | {service.OptimizedMilliseconds:0.0} |"));
        }
    }

    private static string Text(double? number, string format = "0.0") => number?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    public static Task WriteJsonAsync(string file, IEnumerable<ReportLine> lines) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(lines, s_json));
}
