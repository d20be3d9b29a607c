using Xunit;

namespace HostService.Runtime.Tests.Syntax;

public class SpecCoverageTests
{
    [Fact]
    public void SpecCoverage_Document_IsWhatTheTableSays()
    {
        var path = Path.Combine(Repository.Root, "docs", "spec-coverage.md");
        var expected = SpecCoverage.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == expected, "docs/spec-coverage.md is out of date; run this test with UPDATE_GOLDEN=1.");
    }
}
