using Xunit;

namespace HostService.Host.Integration;

/// <summary>A host that runs one guest at a time and lets the others wait.</summary>
public sealed class OnePlaceHost : RunningHost
{
    public OnePlaceHost()
        : base(new Dictionary<string, string?>
        {
            ["HostService:Limits:MaxConcurrentInvocations"] = "1",
            ["HostService:Limits:QueueMilliseconds"] = "120000",
            ["HostService:Limits:WallMilliseconds"] = "120000",
        })
    {
    }
}

/// <summary>A call that waits for its turn meets a version of its module that was uploaded meanwhile.</summary>
public class ReplacedWhileQueuedTests(OnePlaceHost host) : IClassFixture<OnePlaceHost>
{
    // A binary that nobody else has: code that another module shares would not go, and the call would run it.
    private static string Before => $$"""(module (func (export "f") (param i32) (result i32) (local.get 0)) (@custom "unique" "{{Guid.NewGuid():N}}"))""";

    [Theory]
    [InlineData("""(module (func (export "f") (param i32) (result i32) (i32.const 8)))""", 200, null)]
    [InlineData("""(module (func (export "g")))""", 404, "function-not-found")]
    [InlineData("""(module (func (export "f") (param i64) (result i32) (i32.const 8)))""", 400, "bad-arguments")]
    [InlineData("""(module (func (export "f") (param i32) (result i32) (i32.const 8)) (func (export "_start")))""", 404, "function-not-found")]
    public async Task Call_IsOfTheNewVersion_OrToldThatItDoesNotFit(string after, int status, string? slug)
    {
        var (tenant, call) = await BeginAsync(Before, (http, _) => http.PostAsync("/v1/modules/m/invoke/f", new StringContent("""{"args":[7]}""")), after);
        using var answer = await call;

        if (slug is null)
        {
            Assert.Equal("[8]", (await answer.JsonAsync(status)).Results());
        }
        else
        {
            await answer.ProblemAsync(status, slug);
        }
    }

    [Fact]
    public async Task Request_ToWhatIsNoCommandAnyMore_Answers404()
    {
        var (_, call) = await BeginAsync(Wat.Print($"Content-Type: text/plain\n\n{Guid.NewGuid():N}"), (http, tenant) => http.GetAsync($"/f/{tenant}/m"), Before);
        using var answer = await call;

        await answer.ProblemAsync(404, "function-not-found");
    }

    // Begins a call behind one that holds the only thread, replaces its module, and lets it have the thread.
    private async Task<(TestTenant Tenant, Task<HttpResponseMessage> Call)> BeginAsync(string before, Func<HttpClient, string, Task<HttpResponseMessage>> begin, string after)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("echo", Wat.Echo);
        await tenant.UploadAsync("m", before);
        using var holder = await RawRequest.OpenAsync(host.Address);
        await holder.SendAsync($"POST /f/{tenant.Id}/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\nTransfer-Encoding: chunked\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await holder.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        var call = begin(tenant.Invoker, tenant.Id);
        await Scrape.UntilAsync(host, metrics => metrics.Sum("hostservice_invocations_queued") == 1);
        await tenant.UploadAsync("m", after);
        await holder.SendAsync("0\r\n\r\n");
        await holder.ReadUntilAsync("0\r\n\r\n");
        return (tenant, call);
    }
}
