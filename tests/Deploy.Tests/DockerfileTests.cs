using HostService.Support;
using Xunit;

namespace HostService.Deploy.Tests;

/// <summary>The Dockerfile names what exists and keeps to the image's rules.</summary>
public class DockerfileTests
{
    private readonly Dockerfile _file = Dockerfile.Load();

    [Fact]
    public void Copy_FromTheContext_NamesPathsThatExistAndAreNotIgnored()
    {
        var ignore = File.ReadAllLines(Repository.PathOf(".dockerignore"));
        var sources = _file.Instructions
            .Where(instruction => instruction.Name == "COPY" && !instruction.Arguments.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(instruction => instruction.Arguments.Split(' ')[..^1]);

        Assert.All(sources, source =>
        {
            Assert.True(Path.Exists(Repository.PathOf(source)), $"{source} does not exist.");
            Assert.Contains(ignore, line => line.StartsWith('!') && Reaches(line[1..], source));
        });
    }

    [Fact]
    public void Build_RestoresEveryProjectThatTheServiceIsMadeOf()
    {
        var copied = string.Join(' ', _file.Instructions.Where(instruction => instruction.Name == "COPY").Select(instruction => instruction.Arguments));

        var projects = Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Root, path)).ToList();

        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.Contains(project, copied, StringComparison.Ordinal));
    }

    [Fact]
    public void Image_RunsAsTheUnprivilegedUser() => Assert.Equal("$APP_UID", _file.Single("USER"));

    [Fact]
    public void Image_HasNoShell_SoCommandsAreInExecForm()
    {
        Assert.Equal(["dotnet", PublishedService.EntryAssembly], _file.ExecForm("ENTRYPOINT"));
        Assert.Equal(["dotnet", PublishedService.EntryAssembly, "--healthcheck"], _file.ExecForm("HEALTHCHECK"));
        Assert.DoesNotContain(_file.FinalStage, instruction => instruction.Name == "RUN");
    }

    [Fact]
    public void Image_KeepsItsDataInAVolume() => Assert.Equal(_file.Environment["HostService__DataDirectory"], _file.Single("VOLUME"));

    [Fact]
    public void Image_ListensOnThePortThatItExposes() => Assert.Equal(_file.Environment["ASPNETCORE_HTTP_PORTS"], _file.Single("EXPOSE"));

    [Fact]
    public async Task Publish_OfTheService_HasTheEntryAssembly() =>
        Assert.True(File.Exists(Path.Combine(await PublishedService.FolderAsync(), PublishedService.EntryAssembly)));

    // An exception of .dockerignore reaches a source when it names it, a folder above it, or files below it.
    private static bool Reaches(string exception, string source)
    {
        source = source.TrimEnd('/');
        var prefix = exception.Split('*')[0].TrimEnd('/');
        return source == exception || source.StartsWith(prefix + "/", StringComparison.Ordinal) || source == prefix
            || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(exception, source);
    }
}
