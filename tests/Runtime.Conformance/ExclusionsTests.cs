using HostService.Runtime.Conformance.Suites;
using Xunit;

namespace HostService.Runtime.Conformance;

/// <summary>Nothing is left out of the tests without a list and a reason.</summary>
public sealed class ExclusionsTests
{
    [Theory]
    [InlineData("group:simd not compiled")]
    [InlineData("[debt]\ngroup:simd")]
    [InlineData("[debt]\nfolder:simd not compiled")]
    [InlineData("[debt]\ngroup: not compiled")]
    public void Line_WithoutListNameOrReason_IsRefused(string text) => Assert.Throws<FormatException>(() => Exclusions.Parse(text.Split('\n')));

    [Fact]
    public void Lines_OfBothLists_CoverWhatTheyName()
    {
        var found = Exclusions.Parse(["# why", "", "[debt]", "group:simd not compiled", "feature:gc not either", "[cannot]", "script:elem too odd"]);
        var script = new ManifestEntry("elem", "elem.json", "", ["gc"]);

        Assert.Equal(["debt", "debt", "cannot"], found.Select(exclusion => exclusion.List));
        Assert.Equal([false, true, true], found.Select(exclusion => exclusion.Covers(script)));
    }
}
