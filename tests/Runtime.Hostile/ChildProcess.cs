using System.Diagnostics;

namespace HostService.Runtime.Hostile;

/// <summary>Tries a scenario in a process of its own, so that one that kills its process is a failed test and not the end of the run.</summary>
internal static class ChildProcess
{
    public static async Task<Trial> TryAsync(Scenario scenario, BoundsChecks boundsChecks)
    {
        // The tests run under the same dotnet, or under a host of its own that stands beside it.
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(ChildProcess).Assembly.Location, scenario.Name, boundsChecks.ToString()])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(scenario.MaxSeconds));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return Failed($"did not end within {scenario.MaxSeconds} s", scenario);
        }

        return process.ExitCode == 0 ? Trial.Parse(await output) : Failed($"process died with code {process.ExitCode}: {FirstLines(await error)}", scenario);
    }

    private static Trial Failed(string ending, Scenario scenario) => new(ending, 0, scenario.MaxSeconds * 1_000, 0, 0);

    private static string FirstLines(string error) => string.Join(" / ", error.Split('\n').Take(12));
}
