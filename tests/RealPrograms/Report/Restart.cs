using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HostService.Support;

namespace HostService.RealPrograms.Report;

/// <summary>What a program costs the service when it is uploaded, and when the service starts again with and without its stored code.</summary>
/// <remarks>
/// In processor time of the service's process and on the clock. On baseline code only, because the optimiser in the background would be counted in. Each start is a
/// process of its own; from what it takes until the program can be called, what a start without any program takes is subtracted. The least of some rounds counts.
/// </remarks>
internal static class Restart
{
    private const int Rounds = 3;

    /// <summary>A span in both measures, in seconds.</summary>
    internal readonly record struct Cost(double Processor, double Clock)
    {
        public static Cost operator -(Cost one, Cost other) => new(one.Processor - other.Processor, one.Clock - other.Clock);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Processor:0.00} / {Clock:0.00}");
    }

    /// <summary>One round of one program.</summary>
    internal sealed record Round(Cost Upload, Cost FirstCall, Cost Nothing, Cost Compiled, Cost Loaded, Cost FirstCallAfterLoading, long ArtifactBytes);

    public static async Task RunAsync(TextWriter output, TextWriter progress)
    {
        await output.WriteLineAsync("| program | upload to ready | first call | restart, compiling | restart, loading | first call then | stored, MB |");
        await output.WriteLineAsync("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var subject in Subject.All().Where(subject => subject.Binary.Length > 1 << 20))
        {
            var rounds = new List<Round>();
            for (var number = 1; number <= Rounds; number++)
            {
                await progress.WriteLineAsync($"{subject.Name}: round {number} of {Rounds}");
                rounds.Add(await MeasureAsync(subject));
            }

            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {subject.Name} | {Least(round => round.Upload)} | {Least(round => round.FirstCall)} | {Least(round => round.Compiled) - Least(round => round.Nothing)} | {Least(round => round.Loaded) - Least(round => round.Nothing)} | {Least(round => round.FirstCallAfterLoading)} | {rounds[0].ArtifactBytes / 1e6:0.0} |"));

            Cost Least(Func<Round, Cost> of) => new(rounds.Min(round => of(round).Processor), rounds.Min(round => of(round).Clock));
        }
    }

    private static async Task<Round> MeasureAsync(Subject subject)
    {
        var data = Directory.CreateTempSubdirectory("hostservice-restart-").FullName;
        var empty = Directory.CreateTempSubdirectory("hostservice-empty-").FullName;
        try
        {
            Cost upload, firstCall;
            long stored;
            await using (var service = (await StartAsync(data)).Service)
            {
                upload = await CostAsync(service, () => service.Operator.UploadAsync(subject.Name, subject.Binary));
                firstCall = await CostAsync(service, () => CallAsync(service, subject));
                stored = await StoredAsync(service, subject);
            }

            var nothing = await ReadyAgainAsync(empty, null);
            var (compiled, _) = await ReadyAgainAsync(data, subject, "false");
            var (loaded, firstCallThen) = await ReadyAgainAsync(data, subject);
            return new Round(upload, firstCall, nothing.Ready, compiled, loaded, firstCallThen, stored);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
            Directory.Delete(empty, recursive: true);
        }
    }

    private static async Task<(Cost Ready, Cost FirstCall)> ReadyAgainAsync(string data, Subject? subject, string stored = "true")
    {
        var (service, clock) = await StartAsync(data, stored);
        await using (service)
        {
            if (subject is null)
            {
                return (new Cost(ProcessorSeconds(service), clock.Elapsed.TotalSeconds), default);
            }

            while ((await CodeAsync(service, subject)).GetProperty("tier").GetString() == "pending")
            {
                await Task.Delay(10);
            }

            var ready = new Cost(ProcessorSeconds(service), clock.Elapsed.TotalSeconds);
            return (ready, await CostAsync(service, () => CallAsync(service, subject)));
        }
    }

    private static async Task<(ServiceProcess Service, Stopwatch Clock)> StartAsync(string data, string stored = "true")
    {
        var clock = Stopwatch.StartNew();
        var service = await ServiceProcess.StartAsync(new ServiceOptions
        {
            DataDirectory = data,
            Environment = new Dictionary<string, string> { ["HostService__Engine__Compilation"] = "Baseline", ["HostService__Engine__StoreCompiledModules"] = stored },
        });
        return (service, clock);
    }

    private static async Task<Cost> CostAsync(ServiceProcess service, Func<Task> action)
    {
        var (processor, clock) = (ProcessorSeconds(service), Stopwatch.StartNew());
        await action();
        return new Cost(ProcessorSeconds(service) - processor, clock.Elapsed.TotalSeconds);
    }

    private static async Task CallAsync(ServiceProcess service, Subject subject)
    {
        var answer = await service.Operator.InvokeAsync(subject.Name, "_start", new { args = subject.Arguments, stdin = subject.StandardInput });
        subject.Check(answer.GetProperty("stdout").GetString()!, "the service");
    }

    private static async Task<long> StoredAsync(ServiceProcess service, Subject subject)
    {
        while (true)
        {
            var bytes = (await CodeAsync(service, subject)).GetProperty("artifactBytes");
            if (bytes.ValueKind == JsonValueKind.Number)
            {
                return bytes.GetInt64();
            }

            await Task.Delay(10);
        }
    }

    private static async Task<JsonElement> CodeAsync(ServiceProcess service, Subject subject) =>
        JsonSerializer.Deserialize<JsonElement>(await service.Operator.Http.GetStringAsync($"/v1/modules/{subject.Name}")).GetProperty("code");

    private static double ProcessorSeconds(ServiceProcess service)
    {
        using var process = Process.GetProcessById(service.Id);
        return process.TotalProcessorTime.TotalSeconds;
    }
}
