using System.Xml.Linq;
using Xunit;

namespace HostService.Architecture.Tests;

/// <summary>Every project is in the solution, locked, and of a known kind.</summary>
public class SolutionTests
{
    private static IEnumerable<string> Projects => Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public void Solution_Lists_ExactlyTheProjectsOfTheRepository()
    {
        var listed = Repository.Read("HostService.sln").Split('"')
            .Where(part => part.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(part => part.Replace('\\', '/'));

        Assert.Equal(Projects.Order(), listed.Order());
    }

    [Fact]
    public void EachProject_HasALockFile()
    {
        var missing = Projects.Select(project => Path.GetDirectoryName(project) + "/packages.lock.json").Where(file => !Repository.Files.Contains(file));

        Check.None(missing);
    }

    [Fact]
    public void EachProject_NamesAKindThatEngDefines()
    {
        var wrong =
            from project in Projects
            let kind = XDocument.Parse(Repository.Read(project)).Descendants("ProjectType").FirstOrDefault()?.Value
            where kind is null || !Repository.Files.Contains($"eng/{kind}.targets")
            select $"{project}: {kind ?? "no ProjectType"}";

        Check.None(wrong);
    }

    [Fact]
    public void Projects_StateNoPackageVersion()
    {
        var wrong =
            from project in Projects
            from reference in XDocument.Parse(Repository.Read(project)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null
            select $"{project}: {reference}";

        Check.None(wrong);
    }

    [Fact]
    public void Engine_TakesOnlyAnalyzersFromPackages()
    {
        var packages = XDocument.Parse(Repository.Read("eng/Library.targets")).Descendants("PackageReference")
            .Concat(XDocument.Parse(Repository.Read("src/Runtime/Runtime.csproj")).Descendants("PackageReference"));

        Assert.All(packages, package => Assert.Equal("all", package.Attribute("PrivateAssets")?.Value));
    }
}
