using System.Text.RegularExpressions;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Support;
using Xunit;

namespace HostService.Host.Tests.Errors;

/// <summary>docs/problems.md is what clients are written against: it lists what the service answers, and nothing else.</summary>
public partial class ProblemsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "problems.md"));

    [Fact]
    public void Rows_AreTheTypesOfTheCodeWithTheirStatuses() =>
        Assert.Equal(
            ProblemTypes.All.Select(type => (type.Uri, type.Status)).Order(),
            Row().Matches(s_page).Select(row => (row.Groups["uri"].Value, int.Parse(row.Groups["status"].Value, null))).Order());

    [Fact]
    public void Rows_SayWhatHappenedAndWhatToDo() =>
        Assert.All(Row().Matches(s_page), row => Assert.True(row.Groups["happened"].Value.Trim().Length > 20 && row.Groups["todo"].Value.Trim().Length > 5, row.Value));

    [Fact]
    public void Limits_ThatAreNamed_Exist() =>
        Assert.All(LimitName().Matches(s_page), name => Assert.NotNull(typeof(ExecutionLimits).GetProperty(name.Groups[1].Value)));

    [GeneratedRegex(@"^\| `(?<uri>urn:[^`]+)` \| (?<status>\d{3}) \| (?<happened>.+) \| (?<todo>.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(Max\w+)`")]
    private static partial Regex LimitName();
}
