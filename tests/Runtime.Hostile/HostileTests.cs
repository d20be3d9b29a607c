using Xunit;

namespace HostService.Runtime.Hostile;

/// <summary>No module of the corpus kills the process, and each ends as it should, in bounded time and memory.</summary>
/// <remarks>A class for each way of keeping accesses inside memory, so that the two run side by side.</remarks>
public abstract class HostileTests(BoundsChecks boundsChecks)
{
    public static TheoryData<string> Names => [.. Corpus.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Module_OfTheCorpus_EndsAsItShould(string name)
    {
        var scenario = Corpus.Find(name);
        var trial = await Batches.TrialOfAsync(scenario, boundsChecks);

        Assert.StartsWith(scenario.EndingWith(boundsChecks), trial.Ending, StringComparison.Ordinal);
        Assert.InRange(trial.Megabytes, 0, scenario.MaxMegabytes);
    }
}

public sealed class HostileWithGuardPagesTests() : HostileTests(BoundsChecks.Automatic);

public sealed class HostileWithExplicitChecksTests() : HostileTests(BoundsChecks.Explicit);

public sealed class CorpusTests
{
    [Fact]
    public void Names_AreDistinct() => Assert.Equal(Corpus.All.Count, Corpus.All.Select(scenario => scenario.Name).Distinct().Count());
}
