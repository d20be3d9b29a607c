using HostService.Host.Errors;
using Xunit;

namespace HostService.Host.Tests.Errors;

public class ProblemTypesTests
{
    [Fact]
    public void Slugs_AreDistinctAndWellFormed()
    {
        Assert.Equal(ProblemTypes.All.Length, ProblemTypes.All.Select(type => type.Slug).Distinct().Count());
        Assert.All(ProblemTypes.All, type => Assert.Matches("^[a-z]+(-[a-z]+)*$", type.Slug));
        Assert.All(ProblemTypes.All, type => Assert.InRange(type.Status, 400, 599));
    }

    [Theory]
    [InlineData("malformed-module", 422)]
    [InlineData("invalid-module", 422)]
    [InlineData("unlinkable-module", 422)]
    [InlineData("module-too-large", 413)]
    [InlineData("quota-exceeded", 409)]
    [InlineData("bad-arguments", 400)]
    [InlineData("module-not-found", 404)]
    [InlineData("function-not-found", 404)]
    [InlineData("trap", 500)]
    [InlineData("deadline-exceeded", 504)]
    [InlineData("too-many-concurrent", 429)]
    public void Slug_OfTheContract_HasItsStatus(string slug, int status) => Assert.Equal(status, ProblemTypes.All.Single(type => type.Slug == slug).Status);
}
