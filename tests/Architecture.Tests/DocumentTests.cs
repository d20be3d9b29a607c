using System.Text.RegularExpressions;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>What the documents point to exists.</summary>
public sealed partial class DocumentTests
{
    private static IEnumerable<string> Documents => Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void Links_ToFiles_LeadSomewhere()
    {
        var wrong =
            from file in Documents
            from match in LinkPattern().Matches(Repository.Read(file))
            let target = match.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Repository.PathOf(Path.Combine(Path.GetDirectoryName(file)!, target)))
            select $"{file}: {target}";

        Check.None(wrong);
    }

    [Fact]
    public void Paths_InBackticks_Exist()
    {
        var wrong =
            from file in Documents
            from match in PathPattern().Matches(Repository.Read(file))
            let path = match.Groups["path"].Value
            // A pattern, a name yet to be chosen, and what a build, npm or a start leaves behind are no paths of the repository.
            where !path.Contains('*', StringComparison.Ordinal) && !path.Contains("NNNN", StringComparison.Ordinal)
            where !Regex.IsMatch(path, @"^docs/adr/\d{4}$")
            where !path.Contains("node_modules", StringComparison.Ordinal) && !path.Contains("/data", StringComparison.Ordinal)
            where !Path.Exists(Repository.PathOf(path))
            select $"{file}: {path}";

        Check.None(wrong);
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"`(?<path>(tests|bench|src|docs|samples|deploy|eng)/[^`\s]+)`")]
    private static partial Regex PathPattern();
}
