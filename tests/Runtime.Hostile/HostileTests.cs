using Xunit;

namespace HostService.Runtime.Hostile;

/// <summary>No module of the corpus kills the process, and each ends as it should, in bounded time and memory.</summary>
/// <remarks>
/// A class for each way of keeping accesses inside memory, so that the two run side by side. Each has every other batch of scenarios; with <c>HOSTILE_CORPUS=whole</c>
/// in the environment, as <c>./test.sh Runtime.Hostile</c> sets it, both have all.
/// </remarks>
public sealed class HostileWithGuardPagesTests
{
    public static TheoryData<string> Names => [.. Batches.NamesFor(BoundsChecks.Automatic)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Module_OfTheCorpus_EndsAsItShould(string name) => Batches.CheckAsync(name, BoundsChecks.Automatic);
}

/// <inheritdoc cref="HostileWithGuardPagesTests"/>
public sealed class HostileWithExplicitChecksTests
{
    public static TheoryData<string> Names => [.. Batches.NamesFor(BoundsChecks.Explicit)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Module_OfTheCorpus_EndsAsItShould(string name) => Batches.CheckAsync(name, BoundsChecks.Explicit);
}

public sealed class CorpusTests
{
    [Fact]
    public void Names_AreDistinct() => Assert.Equal(Corpus.All.Count, Corpus.All.Select(scenario => scenario.Name).Distinct().Count());
}
