using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Unless dumps are switched on there are none.</summary>
[Collection(RunningHostCollection.Name)]
public class CoreDumpsOffTests(RunningHost host)
{
    [Fact]
    public async Task Trap_WithDumpsOff_LeavesNone()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func (export "f") (unreachable)))""");
        var (_, problem) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.False(problem.GetProperty("trap").TryGetProperty("coreDump", out _));
        Assert.Equal("""{"items":[]}""", await tenant.Deployer.GetStringAsync("/v1/core-dumps"));
    }

    [Fact]
    public async Task Trap_OfAModuleWithDumpsSwitchedOn_LeavesOne_AndOfItsNextVersionToo()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func (export "f") (unreachable)))""");
        await tenant.UploadAsync("other", """(module (func (export "f") (unreachable)))""");
        using var on = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/m", new { coreDumps = "on" });
        on.EnsureSuccessStatusCode();
        await tenant.UploadAsync("m", """(module (func (export "f") (nop) (unreachable)))""");

        // The other one first: of two traps in quick succession only one leaves a dump.
        var (_, without) = await tenant.InvokeAsync("other", "f", "{}");
        var (_, with) = await tenant.InvokeAsync("m", "f", "{}");

        Assert.False(without.GetProperty("trap").TryGetProperty("coreDump", out _));
        var id = with.GetProperty("trap").GetProperty("coreDump").GetString();
        using var dump = await tenant.Deployer.GetAsync($"/v1/core-dumps/{id}");
        Assert.Equal("application/wasm", dump.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"coreDumps":"yes"}""")]
    [InlineData("""{"coreDumps":true}""")]
    [InlineData("""{"public":true,"coreDumps":"ON"}""")]
    public async Task Patch_WithoutSense_ChangesNothing(string body)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        using var content = new StringContent(body, null, "application/json");
        using var refused = await tenant.Deployer.PatchAsync("/v1/modules/m", content);

        await refused.ProblemAsync(400, "bad-request");
        var details = await tenant.Deployer.GetFromJsonAsync<JsonElement>("/v1/modules/m");
        Assert.Equal((false, "default"), (details.GetProperty("public").GetBoolean(), details.GetProperty("coreDumps").GetString()));
    }

    [Fact]
    public async Task Start_AfterACrashWhileADumpWasWritten_DeletesIt()
    {
        using var data = new CrashedData();
        await using (var second = new RunningHost(new Dictionary<string, string?>(), data.Folder))
        {
            await second.InitializeAsync();
            Assert.False(File.Exists(data.Unfinished));
            Assert.True(File.Exists(data.Finished));
        }
    }

    private sealed class CrashedData : IDisposable
    {
        public CrashedData()
        {
            Directory.CreateDirectory(Path.Combine(Folder, "core-dumps", "a"));
            File.WriteAllBytes(Unfinished, [0]);
            File.WriteAllBytes(Finished, [0]);
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("hostservice-dumps-").FullName;

        public string Unfinished => Finished + ".unfinished";

        public string Finished => Path.Combine(Folder, "core-dumps", "a", $"{Guid.Empty:N}.m.wasm");

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
