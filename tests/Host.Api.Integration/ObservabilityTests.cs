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
        using var anonymous = host.Anonymous();
        using var answer = await anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/modules/m") { Headers = { { "Accept", "text/html" } } });

        Assert.NotEqual("", (await answer.ProblemAsync(401, "unauthorized")).GetProperty("traceId").GetString());
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

    [Fact]
    public async Task OpenApi_Document_DescribesEveryOperation()
    {
        using var client = host.Anonymous();
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var paths = document.GetProperty("paths");
        var operations = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Where(member => member.Name != "parameters").Select(member => $"{member.Name} {path.Name}")).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "get /v1/modules", "put /v1/modules/{name}", "get /v1/modules/{name}", "patch /v1/modules/{name}", "delete /v1/modules/{name}",
                "post /v1/modules/{name}/invoke/{function}", "post /v1/tenants", "post /v1/tenants/{tenant}/keys", "get /health/live", "get /health/ready",
                "get /v1/profiles", "get /v1/profiles/{id}",
                "get /f/{tenant}/{name}/{path}", "post /f/{tenant}/{name}/{path}",
            },
            operations);
        foreach (var operation in paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Where(member => member.Name != "parameters")).Select(member => member.Value))
        {
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("operationId").GetString()!);
        }

        var upload = paths.GetProperty("/v1/modules/{name}").GetProperty("put");
        Assert.True(upload.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/wasm", out _));
        foreach (var status in new[] { "400", "401", "403", "413", "422" })
        {
            Assert.True(upload.GetProperty("responses").GetProperty(status).GetProperty("content").TryGetProperty("application/problem+json", out _), status);
        }

        // Each answer has a schema of its own, though the records share their names.
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();
        Assert.Superset(new HashSet<string> { "ModuleDetails", "ProblemDetails", "CreateTenantResponse", "CreateKeyResponse", "InvokeFunctionResponse", "ListModulesResponse", "CodeDetails" }, schemas);
        var code = document.GetProperty("components").GetProperty("schemas").GetProperty("CodeDetails").GetProperty("properties");
        Assert.Contains("`pending`", code.GetProperty("tier").GetProperty("description").GetString(), StringComparison.Ordinal);

        var invoke = paths.GetProperty("/v1/modules/{name}/invoke/{function}").GetProperty("post");
        Assert.True(invoke.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
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
