using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using HostService.Support;

namespace HostService.RealPrograms.Report;

/// <summary>Runs each subject ten times on the published service, over HTTP, ten times more when it is optimised, and ten times in Wasmtime, in this process.</summary>
/// <remarks>The sides take turns per subject and never run at the same time. HTTP is part of the service's times; Wasmtime's are bare calls.</remarks>
internal static class Measurement
{
    private const int Invocations = 10;

    public static async Task<List<ReportLine>> RunAsync(TextWriter progress)
    {
        var lines = new List<ReportLine>();
        await using var service = await ServiceProcess.StartAsync();
        foreach (var subject in Subject.All())
        {
            await progress.WriteLineAsync($"{subject.Name}: the service");
            var ours = await MeasureServiceAsync(service.Operator, subject);
            await progress.WriteLineAsync($"{subject.Name}: Wasmtime");
            lines.Add(new ReportLine(subject.Name, subject.Binary.Length, ours, subject.RunsOnWasmtime ? MeasureWasmtime(subject) : null));
        }

        return lines;
    }

    private static async Task<ServiceTimes> MeasureServiceAsync(ServiceClient client, Subject subject)
    {
        var ready = Stopwatch.StartNew();
        await client.UploadAsync(NameOf(subject), subject.Binary);
        var readySeconds = ready.Elapsed.TotalSeconds;
        var early = await CallAsync(client, subject);
        while (!await IsOptimizedAsync(client, subject))
        {
            await Task.Delay(20);
        }

        var optimizedSeconds = ready.Elapsed.TotalSeconds;
        var late = await CallAsync(client, subject);
        return new ServiceTimes(new Times(readySeconds, early[0], early[^1]), optimizedSeconds, late[0], late.Order().ElementAt(Invocations / 2));
    }

    private static async Task<List<double>> CallAsync(ServiceClient client, Subject subject)
    {
        var calls = new List<double>();
        for (var call = 0; call < Invocations; call++)
        {
            var clock = Stopwatch.StartNew();
            var answer = await client.InvokeAsync(NameOf(subject), "_start", new { args = subject.Arguments, stdin = subject.StandardInput });
            calls.Add(clock.Elapsed.TotalMilliseconds);
            subject.Check(answer.GetProperty("stdout").GetString()!, "the service");
        }

        return calls;
    }

    private static async Task<bool> IsOptimizedAsync(ServiceClient client, Subject subject) =>
        (await client.Http.GetFromJsonAsync<JsonElement>($"/v1/modules/{NameOf(subject)}")).GetProperty("code").GetProperty("tier").GetString() == "optimized";

    private static string NameOf(Subject subject) => $"report-{subject.Name}";

    private static Times MeasureWasmtime(Subject subject)
    {
        using var peer = new WasmtimePeer();
        var ready = Stopwatch.StartNew();
        peer.Compile(subject);
        ready.Stop();
        var calls = new List<double>();
        for (var call = 0; call < Invocations; call++)
        {
            var clock = Stopwatch.StartNew();
            var output = peer.Run(subject);
            calls.Add(clock.Elapsed.TotalMilliseconds);
            subject.Check(output, "Wasmtime");
        }

        return new Times(ready.Elapsed.TotalSeconds, calls[0], calls[^1]);
    }
}
