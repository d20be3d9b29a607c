using System.Diagnostics;
using System.Globalization;
using HostService.Runtime.Fuzz.Stress;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>Everything at once, for a short time; <c>WASM_STRESS_SECONDS</c> makes it longer, and the program runs it until it is stopped.</summary>
public sealed class StressTests
{
    private const int EnoughStores = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static double Seconds => double.TryParse(Environment.GetEnvironmentVariable("WASM_STRESS_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 3;

    [Fact]
    public void Hammer_EverythingAtOnce_GivesWhatEachGivesAlone()
    {
        var run = new StressRun(seed: 1);
        var watch = Stopwatch.StartNew();

        // Three seconds are thousands of Stores; other work on the machine may leave a few.
        do
        {
            run.Run(TimeSpan.FromSeconds(Seconds), TimeSpan.FromSeconds(1), _ => { });
        }
        while (run.Stores < EnoughStores && run.Findings.Count == 0 && watch.Elapsed < s_patience);

        Assert.Empty(run.Findings);
        Assert.True(run.Stores >= EnoughStores, run.Report);
    }
}
