using System.Net;
using HostService.Support;
using Xunit;

namespace HostService.Deploy.Tests;

/// <summary>The published program runs the way the image runs it: another user, a folder that it cannot write, the image's environment.</summary>
public sealed class ImageLikeRunTests : IAsyncLifetime
{
    // The user of the chiseled images ($APP_UID).
    private const string ImageUser = "1654";

    private readonly string _folder = Directory.CreateTempSubdirectory("hostservice-image-").FullName;
    private readonly Dockerfile _image = Dockerfile.Load();
    private IReadOnlyList<string> _asImageUser = [];

    private string App => Path.Combine(_folder, "app");

    private string Data => Path.Combine(_folder, "data");

    public async Task InitializeAsync()
    {
        // A temporary folder is its owner's alone; the image's user has to get through it.
        (await RunAsync("chmod", "755", _folder)).Successful();
        Directory.CreateDirectory(Data);
        (await RunAsync("cp", "-r", await PublishedService.FolderAsync(), App)).Successful();
        (await RunAsync("chmod", "-R", "a=rX", App)).Successful();
        // Only root can become another user; somebody else already is an ordinary user.
        if (Environment.UserName == "root")
        {
            (await RunAsync("chown", $"{ImageUser}:{ImageUser}", Data)).Successful();
            _asImageUser = ["setpriv", $"--reuid={ImageUser}", $"--regid={ImageUser}", "--clear-groups"];
        }
    }

    public async Task DisposeAsync()
    {
        (await RunAsync("chmod", "-R", "u+w", _folder)).Successful();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Service_AsTheImageRunsIt_AnswersAndIsHealthy()
    {
        await using var service = await StartAsync();

        Assert.Equal("Hello, world!\n", await service.Operator.Http.GetStringAsync("/f/default/hello/world"));
        Assert.Equal(0, (await HealthCheckAsync(service.Address.Port)).ExitCode);
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(Data));
    }

    [Fact]
    public async Task HealthCheck_WithNobodyListening_Fails()
    {
        var check = await HealthCheckAsync(ServiceProcess.FreePort());

        Assert.Equal(1, check.ExitCode);
    }

    [Fact]
    public async Task Service_KilledAndStartedAgain_HasItsModules()
    {
        var binary = await File.ReadAllBytesAsync(Repository.PathOf("samples", "numeric", "numeric.wasm"));
        await using (var first = await StartAsync())
        {
            await first.Operator.UploadAsync("numeric", binary);
            // Leaving the block kills the process; nothing is told to end in an orderly way.
        }

        await using var second = await StartAsync();
        using var answer = await second.Operator.Http.GetAsync("/v1/modules/numeric");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync(new ServiceOptions
    {
        Folder = App,
        DataDirectory = Data,
        Launcher = _asImageUser,
        Binding = ServiceBinding.HttpPorts,
        Environment = ImageEnvironment(),
    });

    private Task<Command> HealthCheckAsync(int port)
    {
        var environment = ImageEnvironment();
        environment["ASPNETCORE_HTTP_PORTS"] = $"{port}";
        string[] command = [.. _asImageUser, _image.ExecForm("HEALTHCHECK")[0], Path.Combine(App, PublishedService.EntryAssembly), .. _image.ExecForm("HEALTHCHECK")[2..]];
        return Command.RunAsync(command[0], command[1..], TimeSpan.FromSeconds(30), App, environment);
    }

    // The port and the place of the data are the test's; a chiseled image has no home directory to write to.
    private Dictionary<string, string> ImageEnvironment() => new(_image.Environment.Where(pair => pair.Key is not ("ASPNETCORE_HTTP_PORTS" or "HostService__DataDirectory")))
    {
        ["HOME"] = "/nonexistent",
    };

    private static Task<Command> RunAsync(string program, params string[] arguments) => Command.RunAsync(program, arguments, TimeSpan.FromSeconds(30), "/");
}
