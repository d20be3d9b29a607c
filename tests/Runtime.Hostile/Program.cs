using System.Globalization;

namespace HostService.Runtime.Hostile;

/// <summary>
/// With <c>try</c>, a kind of bounds checks and names of scenarios: tries them here and prints what came of each. With <c>report</c>, and perhaps a part of a name and a kind of
/// bounds checks: tries each in a process of its own and prints a table. Both on <see cref="GuestCode"/> of the environment's choice. With <c>shapes</c>: measures the compiler by shape of function; with <c>suspects</c> and a file: counts and tries its suspicious functions.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["report", .. var rest]:
                await ReportAsync(rest.ElementAtOrDefault(0) ?? "", rest.ElementAtOrDefault(1) is { } kind ? [Enum.Parse<BoundsChecks>(kind)] : Corpus.Modes);
                return 0;
            case ["shapes", .. var rest]:
                await JitShapes.ReportAsync(rest.ElementAtOrDefault(0) ?? "");
                return 0;
            case ["suspects", var file]:
                await JitShapes.ReportSuspectsAsync(file);
                return 0;
            case ["try", var mode, .. var names]:
                foreach (var name in names)
                {
                    Console.WriteLine(Trial.Run(Corpus.Find(name), Enum.Parse<BoundsChecks>(mode)));
                }

                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: report [part of a name [Automatic|Explicit]] | try Automatic|Explicit <scenario>... | shapes [part of a name] | suspects <file>");
                return 2;
        }
    }

    private static async Task ReportAsync(string part, IReadOnlyList<BoundsChecks> modes)
    {
        Console.WriteLine("| scenario | bounds checks | compile ms | run ms | ms after the deadline | MB | ending | as expected |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | --- | --- |");
        foreach (var scenario in Corpus.All.Where(scenario => scenario.Name.Contains(part, StringComparison.Ordinal)))
        {
            foreach (var mode in modes)
            {
                var trial = (await ChildProcess.TryAllAsync([scenario], mode))[0];
                var isAsExpected = trial.Ending.StartsWith(scenario.EndingWith(mode), StringComparison.Ordinal) && trial.Megabytes <= scenario.MaxMegabytes;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {scenario.Name} | {mode} | {trial.CompileMilliseconds} | {trial.RunMilliseconds} | {trial.StopMilliseconds} | {trial.Megabytes} | {trial.Ending} | {(isAsExpected ? "yes" : "NO")} |"));
            }
        }
    }
}
