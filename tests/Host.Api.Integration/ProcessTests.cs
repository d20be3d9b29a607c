using System.Diagnostics;
using System.Net.Http.Json;
using HostService.Support;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>The published program as a process of its own, over a real socket.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-process-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Tour_FromTenantToTrap_Works()
    {
        await using var service = await StartAsync();
        var http = service.Operator.Http;
        Assert.Equal("Hello, world!\n", await http.GetStringAsync("/f/default/hello/world"));

        using var tenant = await http.PostAsJsonAsync("/v1/tenants", new { id = "acme" });
        using var made = await http.PostAsJsonAsync("/v1/tenants/acme/keys", new { role = "deployer" });
        using var deployer = new ServiceClient(service.Address, (await made.JsonAsync(201)).GetProperty("key").GetString()!);
        await deployer.UploadAsync("numeric", Sample("numeric"));
        await deployer.UploadAsync("trap", Sample("trap"));

        Assert.Equal("[5]", (await deployer.InvokeAsync("numeric", "add", new { args = new[] { 2, 3 } })).Results());
        using var trap = await deployer.Http.GetAsync("/f/acme/trap?total=1&quantity=0");
        var frames = (await trap.ProblemAsync(500, "trap")).GetProperty("trap").GetProperty("frames").EnumerateArray();
        Assert.Equal("divide", frames.First().GetProperty("function").GetString());
        Assert.Contains("hostservice_traps_total", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.False(service.HasExited);
    }

    [Fact]
    public async Task AcknowledgedUploads_SurviveKill9_AndHalfOnesLeaveNothing()
    {
        var acknowledged = new List<(string Name, string Digest)>();
        for (var round = 0; round < 3; round++)
        {
            await using var service = await StartAsync();
            foreach (var (name, digest) in acknowledged)
            {
                var details = await (await service.Operator.Http.GetAsync($"/v1/modules/{name}")).JsonAsync(200);
                Assert.Equal(digest, details.GetProperty("digest").GetString());
                Assert.Equal($"[{name[1..]}]", (await service.Operator.InvokeAsync(name, "f", new { })).Results());
            }

            Assert.Empty(Directory.EnumerateFiles(Path.Combine(_data, "incoming")));

            // Several uploads are on their way when the process is killed, after some of them were acknowledged.
            var uploads = Enumerable.Range(round * 10, 10).Select(number => UploadAsync(service, $"m{number}", number)).ToList();
            acknowledged.Add(await await Task.WhenAny(uploads));
            using (var process = Process.GetProcessById(service.Id))
            {
                process.Kill();
            }

            var ended = await Task.WhenAll(uploads.Select(upload => upload.ContinueWith(
                done => done.IsCompletedSuccessfully ? done.Result : ((string, string)?)null, TaskScheduler.Default)));
            acknowledged = [.. acknowledged.Union(ended.OfType<(string, string)>())];
        }

        Assert.True(acknowledged.Count >= 3);
    }

    private static async Task<(string Name, string Digest)> UploadAsync(ServiceProcess service, string name, int number)
    {
        var details = await service.Operator.UploadAsync(name, Wat.Binary($"""(module (func (export "f") (result i32) (i32.const {number})))"""));
        return (name, details.GetProperty("digest").GetString()!);
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync(new ServiceOptions { DataDirectory = _data });

    private static byte[] Sample(string name) => File.ReadAllBytes(Repository.PathOf("samples", name, $"{name}.wasm"));
}
