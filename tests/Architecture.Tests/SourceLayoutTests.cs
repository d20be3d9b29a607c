using System.Text.RegularExpressions;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>Files say where they belong: the namespace follows the folder, the name follows the type.</summary>
public sealed partial class SourceLayoutTests
{
    [Theory]
    [InlineData("src/Runtime", "HostService.Runtime")]
    [InlineData("src/Host.Api", "HostService.Host")]
    public void Namespace_OfEachFile_FollowsItsFolder(string project, string root)
    {
        var wrong =
            from file in Repository.Sources(project)
            let declared = NamespacePattern().Match(Repository.Read(file))
            where declared.Success
            let folder = Path.GetDirectoryName(Path.GetRelativePath(project, file))!.Replace('/', '.')
            let expected = folder.Length == 0 ? root : $"{root}.{folder}"
            where declared.Groups["name"].Value != expected
            select $"{file}: {declared.Groups["name"].Value}, expected {expected}";

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("src/Runtime")]
    [InlineData("src/Host.Api")]
    public void File_IsNamedAfterATypeInIt(string project)
    {
        var wrong =
            from file in Repository.Sources(project)
            let name = Path.GetFileName(file).Split('.')[0]
            where name is not ("Program" or "AssemblyInfo" or "GlobalUsings")
            let types = TypePattern().Matches(Repository.Read(file)).Select(match => match.Groups["name"].Value)
            where !types.Contains(name)
            select $"{file}: declares {string.Join(", ", types)}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Root_OfTheEngine_HoldsPublicTypesOnly()
    {
        var wrong =
            from file in Repository.Sources("src/Runtime")
            where Path.GetDirectoryName(file) == "src/Runtime"
            let text = Repository.Read(file)
            where TypePattern().IsMatch(text) && !text.Contains("\npublic ", StringComparison.Ordinal)
            select file;

        Assert.Empty(wrong);
    }

    [Fact]
    public void EachFolderOfTheEngine_HasAReadme()
    {
        var missing = Repository.Sources("src/Runtime")
            .Select(file => file.Split('/'))
            .Where(parts => parts.Length > 3)
            .Select(parts => $"src/Runtime/{parts[2]}/README.md")
            .Distinct()
            .Where(readme => !Repository.Files.Contains(readme));

        Assert.Empty(missing);
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record|delegate [\w.<>\[\]?]+)\s+(struct |class )?(?<name>\w+)")]
    private static partial Regex TypePattern();
}
