using System.Globalization;
using System.Text.Json;

namespace HostService.RealPrograms.Report;

/// <summary>Prints the report as a Markdown table, and as JSON.</summary>
internal static class ReportText
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(TextWriter output, IEnumerable<ReportLine> lines)
    {
        output.WriteLine("| program | MB | ready, s | Wasmtime | first call, ms | Wasmtime | tenth call, ms | Wasmtime |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (name, size, service, wasmtime) in lines)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {size / 1e6:0.0} | {service.ReadySeconds:0.00} | {wasmtime.ReadySeconds:0.00} | {service.FirstMilliseconds:0.0} | {wasmtime.FirstMilliseconds:0.0} | {service.TenthMilliseconds:0.0} | {wasmtime.TenthMilliseconds:0.0} |"));
        }
    }

    public static Task WriteJsonAsync(string file, IEnumerable<ReportLine> lines) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(lines, s_json));
}
