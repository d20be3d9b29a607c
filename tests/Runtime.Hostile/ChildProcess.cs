using System.Diagnostics;

namespace HostService.Runtime.Hostile;

/// <summary>Tries scenarios in another process, so that one that kills its process is a failed test and not the end of the run.</summary>
internal static class ChildProcess
{
    /// <summary>Tries several in one process, since most take less time than starting one. After a death the rest is tried each in a process of its own.</summary>
    /// <returns>What came of each, in order.</returns>
    public static async Task<IReadOnlyList<Trial>> TryAllAsync(IReadOnlyList<Scenario> scenarios, BoundsChecks boundsChecks)
    {
        var trials = new List<Trial>(await TryUntilDeathAsync(scenarios, boundsChecks));
        while (trials.Count < scenarios.Count)
        {
            trials.AddRange(await TryUntilDeathAsync([scenarios[trials.Count]], boundsChecks));
        }

        return trials;
    }

    // The last one returned may be the one that killed its process; the others behind it were not tried.
    private static async Task<List<Trial>> TryUntilDeathAsync(IReadOnlyList<Scenario> scenarios, BoundsChecks boundsChecks)
    {
        // The tests run under the same dotnet, or under a host of its own that stands beside it.
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(ChildProcess).Assembly.Location, "try", boundsChecks.ToString(), .. scenarios.Select(scenario => scenario.Name)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var trials = new List<Trial>();
        foreach (var scenario in scenarios)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(scenario.MaxSeconds));
            try
            {
                if (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
                {
                    trials.Add(Trial.Parse(line));
                    continue;
                }
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                trials.Add(Failed($"did not end within {scenario.MaxSeconds} s", scenario));
                return trials;
            }

            await process.WaitForExitAsync();
            trials.Add(Failed($"process died with code {process.ExitCode}: {FirstLines(await error)}", scenario));
            return trials;
        }

        await process.WaitForExitAsync();
        return trials;
    }

    private static Trial Failed(string ending, Scenario scenario) => new(ending, 0, scenario.MaxSeconds * 1_000, 0, 0);

    private static string FirstLines(string error) => string.Join(" / ", error.Split('\n').Take(12));
}
