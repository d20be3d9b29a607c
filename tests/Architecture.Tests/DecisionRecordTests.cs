using System.Text.RegularExpressions;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>Decision records: one page, titled as a question, with the same headings in the same order.</summary>
public sealed partial class DecisionRecordTests
{
    private static readonly string[] s_headings = ["Status", "Context", "Options", "Decision", "Consequences", "What would change our mind"];

    private static IEnumerable<string> Records => Repository.Files.Where(file => RecordPattern().IsMatch(file));

    public static TheoryData<string> RecordFiles => [.. Records];

    [Fact]
    public void Folder_HoldsNumberedRecordsOnly()
    {
        var files = Repository.Files.Where(file => file.StartsWith("docs/adr/", StringComparison.Ordinal) && file != "docs/adr/README.md").ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Matches(RecordPattern(), file));
    }

    [Fact]
    public void Numbers_AreUnique() =>
        Check.None(Records.GroupBy(file => RecordPattern().Match(file).Groups["number"].Value).Where(group => group.Count() > 1).Select(group => string.Join(", ", group)));

    [Theory]
    [MemberData(nameof(RecordFiles))]
    public void Record_HasAQuestionAndAllHeadings(string file)
    {
        var lines = Repository.Read(file).Split('\n');

        Assert.Matches(@"^# .+\?$", lines[0]);
        Assert.Equal(s_headings, lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..].Trim()));
    }

    [Fact]
    public void Sources_PointToRecordsThatExist()
    {
        var numbers = Records.Select(file => RecordPattern().Match(file).Groups["number"].Value).ToHashSet();

        var wrong =
            from file in Repository.Files
            where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".md", StringComparison.Ordinal)
            from match in ReferencePattern().Matches(Repository.Read(file))
            where !numbers.Contains(match.Groups["number"].Value)
            select $"{file}: {match.Value}";

        Check.None(wrong);
    }

    [GeneratedRegex(@"^docs/adr/(?<number>\d{4})-[a-z0-9-]+\.md$")]
    private static partial Regex RecordPattern();

    [GeneratedRegex(@"docs/adr/(?<number>\d{4})")]
    private static partial Regex ReferencePattern();
}
