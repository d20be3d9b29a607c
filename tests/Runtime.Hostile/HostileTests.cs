using Xunit;

namespace HostService.Runtime.Hostile;

/// <summary>No module of the corpus kills the process, and each ends as it should, in bounded time and memory.</summary>
public sealed class HostileTests
{
    public static TheoryData<string, BoundsChecks> Trials()
    {
        var trials = new TheoryData<string, BoundsChecks>();
        foreach (var scenario in Corpus.All)
        {
            foreach (var mode in Corpus.Modes)
            {
                trials.Add(scenario.Name, mode);
            }
        }

        return trials;
    }

    [Theory]
    [MemberData(nameof(Trials))]
    public async Task Module_OfTheCorpus_EndsAsItShould(string name, BoundsChecks boundsChecks)
    {
        var scenario = Corpus.Find(name);
        var trial = await ChildProcess.TryAsync(scenario, boundsChecks);

        Assert.StartsWith(scenario.Ending, trial.Ending, StringComparison.Ordinal);
        Assert.InRange(trial.Megabytes, 0, scenario.MaxMegabytes);
    }

    [Fact]
    public void Names_AreDistinct() => Assert.Equal(Corpus.All.Count, Corpus.All.Select(scenario => scenario.Name).Distinct().Count());
}
