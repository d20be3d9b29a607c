using Xunit;

namespace HostService.Host.Integration;

/// <summary>Modules that change while a call of them runs: the call notices nothing, the next one everything.</summary>
public class RunningModuleTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Fact]
    public async Task Delete_DuringACall_LetsItEndAndThenLeavesNothing()
    {
        var tenant = await host.NewTenantAsync();
        var modulesBefore = (await Scrape.UntilAsync(host, metrics => metrics.Sum("hostservice_modules") is not null)).Sum("hostservice_modules");
        // A binary that no other test has, or its file would stay for that one.
        var digest = (await tenant.UploadAsync("echo", Wat.Echo.Replace("(memory", "(global i32 (i32.const 4711)) (memory", StringComparison.Ordinal))).GetProperty("digest").GetString()!["sha256:".Length..];
        Assert.NotEmpty(FilesOf(digest));
        using var call = await BeginEchoAsync(tenant);

        using (var deleted = await tenant.Deployer.DeleteAsync("/v1/modules/echo"))
        {
            Assert.Equal(204, (int)deleted.StatusCode);
        }

        using (var described = await tenant.Invoker.GetAsync("/v1/modules/echo"))
        {
            await described.ProblemAsync(404, "module-not-found");
        }

        using (var called = await tenant.Invoker.GetAsync($"/f/{tenant.Id}/echo"))
        {
            await called.ProblemAsync(404, "module-not-found");
        }

        Assert.Empty(FilesOf(digest));
        await EndEchoAsync(call);
        await Scrape.UntilAsync(host, metrics => metrics.Sum("hostservice_modules") == modulesBefore && metrics.Sum("hostservice_invocations_running") == 0);
    }

    [Fact]
    public async Task Put_DuringACall_IsReachedByTheNextOne()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("echo", Wat.Echo);
        using var call = await BeginEchoAsync(tenant);

        await tenant.UploadAsync("echo", Wat.Print("Content-Type: text/plain\n\nanother version"));

        Assert.Equal("another version", await tenant.Invoker.GetStringAsync($"/f/{tenant.Id}/echo"));
        await EndEchoAsync(call);
    }

    private async Task<RawRequest> BeginEchoAsync(TestTenant tenant)
    {
        var call = await RawRequest.OpenAsync(host.Address);
        await call.SendAsync($"POST /f/{tenant.Id}/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\nTransfer-Encoding: chunked\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await call.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await ExchangeAsync(call, "before");
        return call;
    }

    private static async Task EndEchoAsync(RawRequest call)
    {
        await ExchangeAsync(call, "after");
        await call.SendAsync("0\r\n\r\n");
        Assert.Equal("0\r\n\r\n", await call.ReadUntilAsync("0\r\n\r\n"));
    }

    private static async Task ExchangeAsync(RawRequest call, string piece)
    {
        var chunk = $"{piece.Length:x}\r\n{piece}\r\n";
        await call.SendAsync(chunk);
        Assert.Equal(chunk, await call.ReadUntilAsync($"{piece}\r\n"));
    }

    private string[] FilesOf(string digest) =>
        [.. Directory.EnumerateFiles(host.DataDirectory, "*", SearchOption.AllDirectories).Where(file => file.Contains(digest[2..], StringComparison.OrdinalIgnoreCase))];
}
