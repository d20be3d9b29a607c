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
            // An attribute that the runtime looks for by its full name has to have that name.
            where declared.Groups["name"].Value != expected && declared.Groups["name"].Value != "System.Runtime.CompilerServices"
            select $"{file}: {declared.Groups["name"].Value}, expected {expected}";

        Check.None(wrong);
    }

    [Theory]
    [InlineData("src/Runtime")]
    [InlineData("src/Host.Api")]
    public void File_WithOneTypeOrOnePublicType_IsNamedAfterIt(string project)
    {
        // A file of several small internal types is named after its subject instead.
        var wrong =
            from file in Repository.Sources(project)
            let types = TypePattern().Matches(Repository.Read(file))
            let open = types.Where(match => match.Groups["public"].Success).ToList()
            let namesake = open.Count == 1 ? open[0] : types.Count == 1 ? types[0] : null
            where namesake is not null && namesake.Groups["name"].Value != Path.GetFileName(file).Split('.')[0]
            select $"{file}: declares {namesake.Groups["name"].Value}";

        Check.None(wrong);
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

        Check.None(wrong);
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

        Check.None(missing);
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    // Types that start at the margin: those of a file-scoped namespace, without the nested ones.
    [GeneratedRegex(@"^(?:(?<public>public) |internal |file |static |sealed |abstract |readonly |ref |unsafe |partial )*(?:class|struct|interface|enum|record struct|record class|record|delegate [\w.<>\[\]?]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypePattern();
}
