using System.Diagnostics;
using HostService.Support;

namespace HostService.RealPrograms.Report;

/// <summary>Runs each subject ten times on the published service, over HTTP, and ten times in Wasmtime, in this process.</summary>
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
            lines.Add(new ReportLine(subject.Name, subject.Binary.Length, ours, MeasureWasmtime(subject)));
        }

        return lines;
    }

    private static async Task<Times> MeasureServiceAsync(ServiceClient client, Subject subject)
    {
        var ready = Stopwatch.StartNew();
        await client.UploadAsync($"report-{subject.Name}", subject.Binary);
        ready.Stop();
        var calls = new List<double>();
        for (var call = 0; call < Invocations; call++)
        {
            var clock = Stopwatch.StartNew();
            var answer = await client.InvokeAsync($"report-{subject.Name}", "_start", new { args = subject.Arguments, stdin = subject.StandardInput });
            calls.Add(clock.Elapsed.TotalMilliseconds);
            Check(subject, answer.GetProperty("stdout").GetString()!, "the service");
        }

        return new Times(ready.Elapsed.TotalSeconds, calls[0], calls[^1]);
    }

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
            Check(subject, output, "Wasmtime");
        }

        return new Times(ready.Elapsed.TotalSeconds, calls[0], calls[^1]);
    }

    private static void Check(Subject subject, string output, string side)
    {
        if (output != subject.Expected)
        {
            throw new InvalidOperationException($"{subject.Name} on {side} printed\n{output}\nand should have printed\n{subject.Expected}");
        }
    }
}
