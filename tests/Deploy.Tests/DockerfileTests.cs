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
        var ignore = DockerIgnore.Load();
        var sources = _file.Instructions
            .Where(instruction => instruction.Name == "COPY" && !instruction.Arguments.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(instruction => instruction.Arguments.Split(' ')[..^1]);

        Assert.All(sources, source =>
        {
            Assert.True(Path.Exists(Repository.PathOf(source)), $"{source} does not exist.");
            var files = Directory.Exists(Repository.PathOf(source)) ? Directory.EnumerateFiles(Repository.PathOf(source), "*", SearchOption.AllDirectories) : [Repository.PathOf(source)];
            Assert.Contains(files, file => !ignore.Ignores(Path.GetRelativePath(Repository.Root, file)));
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
}
