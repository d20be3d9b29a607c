using HostService.Support;
using Xunit;

namespace HostService.Deploy.Tests;

/// <summary>The first stage of the Dockerfile, carried out in a folder: it is given what the builder would be given and runs the same commands.</summary>
public sealed class DockerfileBuildTests : IDisposable
{
    // Ends what stands still. Half a minute is enough on a machine that does nothing else, and on a busy one it takes what it takes.
    private static readonly TimeSpan s_commandTimeout = TimeSpan.FromMinutes(20);

    // As in a builder, where nothing is left running: processes that wait for the next build would hold the pipes that are read here.
    private static readonly Dictionary<string, string> s_environment = new() { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" };

    private readonly string _root = Directory.CreateTempSubdirectory("hostservice-stage-").FullName;
    private readonly DockerIgnore _ignore = DockerIgnore.Load();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task BuildStage_WithWhatReachesTheBuilder_PublishesTheService()
    {
        var folder = _root;
        foreach (var (name, arguments) in Dockerfile.Load().Instructions.Skip(1).TakeWhile(instruction => instruction.Name != "FROM"))
        {
            switch (name)
            {
                case "WORKDIR": folder = Directory.CreateDirectory(_root + arguments).FullName; break;
                case "COPY": Copy(arguments.Split(' '), folder); break;
                case "RUN": (await Command.RunAsync("bash", ["-c", AtRoot(arguments)], s_commandTimeout, folder, s_environment)).Successful(); break;
                default: Assert.Fail($"The build stage has an instruction that this test cannot carry out: {name}."); break;
            }
        }

        Assert.True(File.Exists(Path.Combine(_root, "publish", PublishedService.EntryAssembly)));
        Assert.True(Directory.Exists(Path.Combine(_root, "data")));
    }

    [Theory]
    [InlineData("src/Runtime/Engine.cs", false)]
    [InlineData("src/Runtime/bin/Release/x.dll", true)]
    [InlineData("src/Host.Api/data/operator.key", true)]
    [InlineData("samples/hello/hello.wasm", false)]
    [InlineData("samples/hello/hello.c", true)]
    [InlineData("tests/Deploy.Tests/Dockerfile.cs", true)]
    [InlineData(".git/config", true)]
    public void Ignore_OfThisRepository_LetsSourcesThroughAndNothingElse(string path, bool ignored) => Assert.Equal(ignored, _ignore.Ignores(path));

    // Absolute paths of the stage, such as /publish, lie below the test's folder.
    private string AtRoot(string command) => command
        .Replace(" /publish", $" {_root}/publish", StringComparison.Ordinal)
        .Replace(" /data", $" {_root}/data", StringComparison.Ordinal);

    private void Copy(string[] arguments, string folder)
    {
        var target = Path.Combine(folder, arguments[^1]);
        foreach (var source in arguments[..^1].Select(source => source.TrimEnd('/')))
        {
            if (File.Exists(Repository.PathOf(source)))
            {
                CopyFile(source, Path.Combine(target, Path.GetFileName(source)));
                continue;
            }

            foreach (var file in Directory.EnumerateFiles(Repository.PathOf(source), "*", SearchOption.AllDirectories))
            {
                CopyFile(Path.GetRelativePath(Repository.Root, file), Path.Combine(target, Path.GetRelativePath(Repository.PathOf(source), file)));
            }
        }
    }

    private void CopyFile(string source, string target)
    {
        if (!_ignore.Ignores(source))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Repository.PathOf(source), target, overwrite: true);
        }
    }
}
