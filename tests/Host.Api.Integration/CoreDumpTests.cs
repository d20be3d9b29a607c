using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>A trap leaves a core dump that its tenant's deployer can fetch.</summary>
public class CoreDumpTests(CoreDumpHost host) : IClassFixture<CoreDumpHost>
{
    private const string Traps = """(module (memory 1) (data (i32.const 64) "what was in memory") (func (export "f") (unreachable)))""";

    [Fact]
    public async Task Trap_WithDumpsOn_NamesADumpWithTheGuestsMemory()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Traps);
        var id = await TrapAsync(tenant);

        using var response = await tenant.Deployer.GetAsync($"/v1/core-dumps/{id}");

        Assert.Equal("application/wasm", response.Content.Headers.ContentType?.MediaType);
        var dump = await response.Content.ReadAsByteArrayAsync();
        Assert.True(dump.AsSpan().StartsWith("\0asm"u8));
        Assert.True(dump.AsSpan().IndexOf("corestack"u8) > 0);
        Assert.True(dump.AsSpan().IndexOf("what was in memory"u8) > 0);
    }

    [Fact]
    public async Task Dump_IsReadableByItsOwnerOnly()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Traps);
        var id = await TrapAsync(tenant);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(host.DataDirectory, "core-dumps", tenant.Id, id + ".m.wasm")));
        }
    }

    [Fact]
    public async Task Dumps_BeyondTheirNumber_AreTheLatest()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Traps);
        string[] ids = [await TrapAsync(tenant), await TrapAsync(tenant), await TrapAsync(tenant)];

        using var list = JsonDocument.Parse(await tenant.Deployer.GetStringAsync("/v1/core-dumps"));

        Assert.Equal(
            ids.Skip(1).Order(StringComparer.Ordinal),
            list.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        using var gone = await tenant.Deployer.GetAsync($"/v1/core-dumps/{ids[0]}");
        await gone.ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Dump_OfATenant_IsNoOtherOnesNorAnInvokers()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await tenant.UploadAsync("m", Traps);
        var id = await TrapAsync(tenant);

        using var others = await other.Deployer.GetAsync($"/v1/core-dumps/{id}");
        using var invokers = await tenant.Invoker.GetAsync($"/v1/core-dumps/{id}");
        using var outside = await tenant.Deployer.GetAsync($"/v1/core-dumps/..%2F{other.Id}%2F{id}");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (others.StatusCode, invokers.StatusCode, outside.StatusCode));
    }

    [Fact]
    public async Task Dumps_InTheList_SayWhatTrappedAndHowLongTheyAre()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Traps);
        var id = await TrapAsync(tenant);

        using var list = JsonDocument.Parse(await tenant.Deployer.GetStringAsync("/v1/core-dumps"));

        var item = Assert.Single(list.RootElement.GetProperty("items").EnumerateArray());
        Assert.Equal((id, "m"), (item.GetProperty("id").GetString(), item.GetProperty("module").GetString()));
        Assert.Equal((await tenant.Deployer.GetByteArrayAsync($"/v1/core-dumps/{id}")).Length, item.GetProperty("sizeBytes").GetInt64());
    }

    [Fact]
    public async Task Dump_Deleted_IsGone()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Traps);
        var id = await TrapAsync(tenant);

        using var invokers = await tenant.Invoker.DeleteAsync($"/v1/core-dumps/{id}");
        using var deleted = await tenant.Deployer.DeleteAsync($"/v1/core-dumps/{id}");
        using var again = await tenant.Deployer.DeleteAsync($"/v1/core-dumps/{id}");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NoContent), (invokers.StatusCode, deleted.StatusCode));
        await again.ProblemAsync(404, "not-found");
        Assert.Equal("""{"items":[]}""", await tenant.Deployer.GetStringAsync("/v1/core-dumps"));
    }

    [Fact]
    public async Task Range_OfADump_IsAnsweredOrSaidToBeEmpty()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Traps);
        var id = await TrapAsync(tenant);
        var whole = await tenant.Deployer.GetByteArrayAsync($"/v1/core-dumps/{id}");

        using var part = await SendAsync("Range", "bytes=4-7");
        using var rest = await SendAsync("Range", $"bytes={whole.Length - 1}-");
        using var beyond = await SendAsync("Range", $"bytes={whole.Length}-");
        using var none = await SendAsync("Range", "bytes=-0");
        using var changed = await SendAsync("If-Unmodified-Since", "Wed, 21 Oct 2015 07:28:00 GMT");

        Assert.Equal(206, (int)part.StatusCode);
        Assert.Equal(whole[4..8], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(whole[^1..], await rest.Content.ReadAsByteArrayAsync());
        await beyond.ProblemAsync(416, "range-not-satisfiable");
        Assert.Equal($"bytes */{whole.Length}", beyond.Content.Headers.ContentRange?.ToString());
        await none.ProblemAsync(416, "range-not-satisfiable");
        await changed.ProblemAsync(412, "precondition-failed");

        async Task<HttpResponseMessage> SendAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/core-dumps/{id}");
            request.Headers.TryAddWithoutValidation(header, value);
            return await tenant.Deployer.SendAsync(request);
        }
    }

    [Fact]
    public async Task Dump_ThatGoesBetweenFindingAndReading_IsNotFound()
    {
        var tenant = await host.NewTenantAsync();
        var (folder, id) = (Path.Combine(host.DataDirectory, "core-dumps", tenant.Id), Guid.CreateVersion7().ToString("N"));
        Directory.CreateDirectory(folder);
        // Whoever lists the folder sees it, and nobody can open it.
        File.CreateSymbolicLink(Path.Combine(folder, id + ".m.wasm"), "gone");

        using var response = await tenant.Deployer.GetAsync($"/v1/core-dumps/{id}");

        await response.ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Module_WithDumpsSwitchedOff_LeavesNone()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Traps);
        using var off = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/m", new { coreDumps = "off" });
        var details = await off.JsonAsync(200);
        Assert.Equal(("off", false), (details.GetProperty("coreDumps").GetString(), details.GetProperty("public").GetBoolean()));

        var (_, problem) = await tenant.InvokeAsync("m", "f", "{}");
        Assert.False(problem.GetProperty("trap").TryGetProperty("coreDump", out _));

        using var back = await tenant.Deployer.PatchAsJsonAsync("/v1/modules/m", new { coreDumps = "default" });
        Assert.Equal("default", (await back.JsonAsync(200)).GetProperty("coreDumps").GetString());
        await TrapAsync(tenant);
    }

    private static async Task<string> TrapAsync(TestTenant tenant)
    {
        var (status, problem) = await tenant.InvokeAsync("m", "f", "{}");
        Assert.Equal(500, status);
        return problem.GetProperty("trap").GetProperty("coreDump").GetString()!;
    }
}
