using System.Collections.Concurrent;
using Xunit;

namespace HostService.Runtime.Hostile;

/// <summary>The corpus in runs of neighbours that share a process, each tried when a test first asks for one of them.</summary>
internal static class Batches
{
    // A process takes a third of a second to start and to compile the engine's own code; most scenarios take a tenth of that.
    private const int Length = 16;

    private static readonly ConcurrentDictionary<(int Batch, BoundsChecks Checks), Lazy<Task<IReadOnlyList<Trial>>>> s_trials = new();

    private static readonly Dictionary<string, int> s_places = Corpus.All.Select((scenario, place) => (scenario.Name, place)).ToDictionary(pair => pair.Name, pair => pair.place);

    private static bool IsWhole => Environment.GetEnvironmentVariable("HOSTILE_CORPUS") == "whole";

    /// <summary>The scenarios to try with one way of keeping accesses inside memory.</summary>
    public static IEnumerable<string> NamesFor(BoundsChecks checks) => Corpus.All
        .Where((_, place) => IsWhole || (place / Length % 2 == 0) == (checks == BoundsChecks.Automatic))
        .Select(scenario => scenario.Name);

    /// <summary>Tries a scenario, with its neighbours, and compares.</summary>
    public static async Task CheckAsync(string name, BoundsChecks checks)
    {
        var scenario = Corpus.Find(name);
        var trial = await TrialOfAsync(scenario, checks);
        Assert.StartsWith(scenario.EndingWith(checks), trial.Ending, StringComparison.Ordinal);
        Assert.InRange(trial.Megabytes, 0, scenario.MaxMegabytes);
    }

    private static async Task<Trial> TrialOfAsync(Scenario scenario, BoundsChecks checks)
    {
        var place = s_places[scenario.Name];
        var trials = s_trials.GetOrAdd(
            (place / Length, checks),
            key => new(() => ChildProcess.TryAllAsync([.. Corpus.All.Skip(key.Batch * Length).Take(Length)], key.Checks)));
        return (await trials.Value)[place % Length];
    }
}
