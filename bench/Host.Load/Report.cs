using System.Globalization;
using System.Text.Json;

namespace HostService.Load;

/// <summary>One line of the result.</summary>
internal sealed record Line(Scenario Scenario, int BodyBytes, Side Service, Side Baseline)
{
    public double Ratio => Service.Median.PerSecond / Baseline.Median.PerSecond;
}

/// <summary>Prints the lines and writes them as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static void Print(TextWriter output, IEnumerable<Line> lines)
    {
        output.WriteLine($"{"",-16} {"",-8} {"requests/s",12} {"p50 us",10} {"p99 us",10} {"cpu us",8} {"B/call",8} {"errors",7}");
        foreach (var line in lines)
        {
            Print(output, line.Scenario.Name, "service", line.Service);
            Print(output, "", "kestrel", line.Baseline);
            var target = line.Scenario.Target is { } t ? string.Create(CultureInfo.InvariantCulture, $" (wanted: at least {t:0.0#})") : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-16} {"ratio",-8} {line.Ratio,12:0.00}{target}, both answering {line.BodyBytes} bytes"));
        }
    }

    public static void WriteJson(string path, IEnumerable<Line> lines) => File.WriteAllText(path, JsonSerializer.Serialize(
        lines.Select(l => new
        {
            name = l.Scenario.Name,
            service = Numbers(l.Service),
            kestrel = Numbers(l.Baseline),
            ratio = l.Ratio,
        }),
        s_json));

    private static object Numbers(Side side) => new
    {
        requestsPerSecond = side.Median.PerSecond,
        p50Microseconds = side.Median.P50,
        p99Microseconds = side.Median.P99,
        processorMicrosecondsPerCall = side.ProcessorMicrosecondsPerCall,
        managedBytesPerCall = side.BytesPerCall,
        errors = side.Errors,
    };

    private static void Print(TextWriter output, string name, string side, Side numbers) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-16} {side,-8} {numbers.Median.PerSecond,12:0} {numbers.Median.P50,10:0} {numbers.Median.P99,10:0} {numbers.ProcessorMicrosecondsPerCall,8:0.0} {numbers.BytesPerCall,8:0} {numbers.Errors,7}"));
}
