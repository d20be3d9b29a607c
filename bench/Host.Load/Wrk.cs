using System.Diagnostics;
using System.Globalization;

namespace HostService.Load;

/// <summary>One bounded run of wrk.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="PerSecond">Requests answered per second.</param>
/// <param name="P50">Median latency in microseconds.</param>
/// <param name="P99">The latency in microseconds that one request in a hundred exceeded.</param>
/// <param name="Errors">Answers outside 2xx and 3xx, and failures of the connection.</param>
internal sealed record Wrk(long Requests, double PerSecond, double P50, double P99, long Errors)
{
    public static async Task<Wrk> RunAsync(Uri address, Scenario scenario, string key, int connections, int seconds)
    {
        var start = new ProcessStartInfo("wrk")
        {
            ArgumentList =
            {
                "-t1", $"-c{connections}", $"-d{seconds}s", "-s", Path.Combine(AppContext.BaseDirectory, "load.lua"), new Uri(address, scenario.Path).ToString(),
            },
            Environment = { ["LOAD_METHOD"] = scenario.Method, ["LOAD_BODY"] = scenario.Body, ["LOAD_KEY"] = key },
            RedirectStandardOutput = true,
        };
        using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start");
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk gave no result:\n{output}");
        var values = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(v => long.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        return new Wrk(values[0], values[0] / (values[1] / 1e6), values[2], values[3], values[4]);
    }
}
