using System.Net;
using System.Net.Sockets;
using HostService.Support;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>What is in the way of a start is said in a line, and what only seems to be is not.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-start-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Address_ThatIsTaken_StopsTheStartWithAMessage()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var ended = await RunAsync(("ASPNETCORE_URLS", address));

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal($"The service does not start: Failed to bind to address {address}: address already in use.", ended.Error.Trim());
        Assert.DoesNotContain("   at ", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataDirectory_OfAServiceThatRuns_StopsTheStartWithAMessageAndLeavesItsUploadsAlone()
    {
        await using var service = await ServiceProcess.StartAsync(new ServiceOptions { DataDirectory = _data });
        var incoming = Path.Combine(_data, "incoming", "half.wasm");
        await File.WriteAllTextAsync(incoming, "an upload that is on its way");

        var ended = await RunAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"The service does not start: HostService__DataDirectory is {_data}, which can't be locked; each running service needs a data directory of its own.", ended.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(incoming));
    }

    [Fact]
    public async Task Limits_WithoutRoomForTheSample_AreNoReasonNotToStart()
    {
        await using var host = new RunningHost(new Dictionary<string, string?> { ["HostService:Limits:MaxMemoryPages"] = "1" });
        await host.InitializeAsync();
        using var anonymous = host.Anonymous();

        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/f/default/hello")).StatusCode);
        await host.Log.WaitForAsync(entry => entry.RenderMessage(null).Contains("The sample function is not offered", StringComparison.Ordinal) && entry.RenderMessage(null).Contains("MaxMemoryPages", StringComparison.Ordinal));
    }

    private async Task<Command> RunAsync(params (string Name, string Value)[] environment)
    {
        var folder = await PublishedService.FolderAsync();
        var variables = new Dictionary<string, string> { ["HostService__DataDirectory"] = _data, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        Array.ForEach(environment, variable => variables[variable.Name] = variable.Value);
        return await Command.RunAsync("dotnet", [Path.Combine(folder, PublishedService.EntryAssembly)], TimeSpan.FromMinutes(2), folder, variables);
    }
}
