using System.Globalization;
using HostService.Runtime.Fuzz.Stress;
using Xunit;

namespace HostService.Runtime.Fuzz;

/// <summary>Everything at once, for a short time; <c>WASM_STRESS_SECONDS</c> makes it longer, and the program runs it until it is stopped.</summary>
public sealed class StressTests
{
    private static double Seconds => double.TryParse(Environment.GetEnvironmentVariable("WASM_STRESS_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 3;

    [Fact]
    public void Hammer_EverythingAtOnce_GivesWhatEachGivesAlone()
    {
        var run = new StressRun(seed: 1);

        run.Run(TimeSpan.FromSeconds(Seconds), TimeSpan.FromSeconds(1), _ => { });

        Assert.Empty(run.Findings);
        Assert.True(run.Stores > 10, run.Report);
    }
}
