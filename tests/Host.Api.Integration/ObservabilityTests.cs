using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Health, metrics, activities, the description, and what must not be in the log.</summary>
[Collection(RunningHostCollection.Name)]
public class ObservabilityTests(RunningHost host)
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_WithoutKey_Answers200(string path)
    {
        using var client = host.Anonymous();
        using var response = await client.GetAsync(path);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Metrics_FromLoopback_AreTextWithAllGroups()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        await tenant.InvokeAsync("m", "add", """{"args":[1,2]}""");
        var scrape = await Scrape.UntilAsync(host, seen => seen.Sum("hostservice_instantiation_duration_seconds_count") > 0);
        var metrics = scrape.Text;

        foreach (var name in new[]
        {
            "http_server_request_duration_seconds_count", "dotnet_gc_heap_total_allocated_bytes_total", "faas_invocations_total", "faas_invoke_duration_seconds_bucket",
            "faas_cpu_usage_seconds_count", "faas_mem_usage_bytes_count", "hostservice_compilation_duration_seconds_count", "hostservice_memory_pool_used", "hostservice_signatures",
        })
        {
            Assert.Contains(name, scrape.Names);
        }

        // From half a microsecond to a tenth of a second.
        var buckets = metrics.Split('\n').Where(line => line.StartsWith("hostservice_instantiation_duration_seconds_bucket", StringComparison.Ordinal))
            .Select(line => line.Split("le=\"")[1].Split('"')[0]).Where(bound => bound != "+Inf").Select(bound => double.Parse(bound, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(0.0000005, buckets.Min());
        Assert.Equal(0.1, buckets.Max());
        // Tenants and modules are not bounded in number, so no label carries one.
        Assert.DoesNotContain(tenant.Id, metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_FromElsewhere_NeedTheOperatorsKey()
    {
        var tenant = await host.NewTenantAsync();
        using var anonymous = host.Anonymous();
        using var @operator = host.Operator();
        using var refused = await SendAsync(anonymous);
        using var forbidden = await SendAsync(tenant.Deployer);
        using var allowed = await SendAsync(@operator);

        await refused.ProblemAsync(401, "unauthorized");
        await forbidden.ProblemAsync(403, "forbidden");
        Assert.Equal(200, (int)allowed.StatusCode);

        // What a proxy on this machine passes on is not from this machine.
        static Task<HttpResponseMessage> SendAsync(HttpClient client) =>
            client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "X-Forwarded-For", "203.0.113.7" } } });
    }

    [Theory]
    [InlineData("/metrics/")]
    [InlineData("/metrics/more")]
    [InlineData("/METRICS/")]
    public async Task Metrics_ByAnotherPath_AreNowhere(string path)
    {
        using var anonymous = host.Anonymous();
        using var answer = await anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Forwarded-For", "203.0.113.7" } } });

        await answer.ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Problem_ForWhoAcceptsHtmlOnly_HasATraceId()
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/modules/absent") { Headers = { { "Accept", "text/html" } } });

        Assert.NotEqual("", (await answer.ProblemAsync(404, "module-not-found")).GetProperty("traceId").GetString());
        // And as one reads it: no character is escaped that need not be.
        Assert.Contains("There is no module \\\"absent\\\".", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AfterATrapAndATimeout_CountThem()
    {
        await using var impatient = new RunningHost(new Dictionary<string, string?> { ["HostService:Limits:WallMilliseconds"] = "1000" });
        await impatient.InitializeAsync();
        var tenant = await impatient.NewTenantAsync();
        await tenant.UploadAsync("m", """(module (func (export "trap") (unreachable)) (func (export "spin") (loop $again (br $again))))""");
        await tenant.InvokeAsync("m", "trap", "{}");
        await tenant.InvokeAsync("m", "spin", "{}");

        await Scrape.UntilAsync(impatient, metrics =>
            metrics.Sum("hostservice_traps_total", "code=\"unreachable\"") == 1
            && metrics.Sum("faas_errors_total", "error_type=\"trap\"") == 1
            && metrics.Sum("faas_errors_total", "error_type=\"deadline-exceeded\"") == 1
            && metrics.Sum("faas_timeouts_total") == 1
            && metrics.Sum("faas_invoke_duration_seconds_count") == 2);
    }

    [Fact]
    public async Task Activities_OfAnUploadAndACall_BelongToTheRequestsTrace()
    {
        var seen = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "HostService",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = seen.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var tenant = await host.NewTenantAsync();
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        tenant.Deployer.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        // A binary that no other test has, or it would be compiled already.
        await tenant.UploadAsync("m", """(module (func (export "traced") (result i32) (i32.const 4711)))""");
        using var called = await tenant.Deployer.PostAsJsonAsync("/v1/modules/m/invoke/traced", new { });

        var mine = seen.Where(activity => activity.TraceId.ToHexString() == trace).Select(activity => activity.OperationName).Order();
        Assert.Equal(["compile", "instantiate", "invoke"], mine);
    }

    [Fact]
    public async Task Log_OfEverythingSoFar_HasNoKeyAndNoBody()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Print("Content-Type: text/plain\n\nsecret answer", "(call $crash)"));
        using var content = new StringContent("secret question");
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await tenant.Invoker.PostAsync($"/f/{tenant.Id}/m?secret=query", content);
            await response.Content.ReadAsStringAsync();
        });
        var trap = await host.Log.WaitForAsync(entry => entry.MessageTemplate.Text.StartsWith("The guest trapped", StringComparison.Ordinal));
        Assert.Contains("Tenant", trap.Properties.Keys);

        var log = host.Log.Everything();
        foreach (var secret in new[] { tenant.InvokerKey, tenant.DeployerKey, RunningHost.OperatorKey, "secret answer", "secret question" })
        {
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/nothing/here", 404, "not-found")]
    [InlineData("POST", "/health/live", 405, "method-not-allowed")]
    public async Task Route_ThatIsNone_IsAProblem(string method, string path, int status, string slug)
    {
        using var client = host.Anonymous();
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Parse(method), path));

        await response.ProblemAsync(status, slug);
    }
}
