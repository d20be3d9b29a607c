using System.Collections.Concurrent;

namespace HostService.Runtime.Hostile;

/// <summary>The corpus in runs of neighbours that share a process, each tried when a test first asks for one of them.</summary>
internal static class Batches
{
    // A process takes a third of a second to start and to compile the engine's own code; most scenarios take a tenth of that.
    private const int Length = 16;

    private static readonly ConcurrentDictionary<(int Batch, BoundsChecks Checks), Lazy<Task<IReadOnlyList<Trial>>>> s_trials = new();

    private static readonly Dictionary<string, int> s_places = Corpus.All.Select((scenario, place) => (scenario.Name, place)).ToDictionary(pair => pair.Name, pair => pair.place);

    public static async Task<Trial> TrialOfAsync(Scenario scenario, BoundsChecks checks)
    {
        var place = s_places[scenario.Name];
        var trials = s_trials.GetOrAdd(
            (place / Length, checks),
            key => new(() => ChildProcess.TryAllAsync([.. Corpus.All.Skip(key.Batch * Length).Take(Length)], key.Checks)));
        return (await trials.Value)[place % Length];
    }
}
