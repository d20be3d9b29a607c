using System.Diagnostics;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Functions that have always been quick run where their request is; and when one then is not, nobody else notices.</summary>
public class QuickCallTests(PatientHost host) : IClassFixture<PatientHost>
{
    // As many turns as it is told.
    private const string Count = """
        (module
          (func (export "count") (param i64)
            (loop $again
              (local.set 0 (i64.sub (local.get 0) (i64.const 1)))
              (br_if $again (i64.gt_s (local.get 0) (i64.const 0))))))
        """;

    [Fact]
    public async Task Function_ThatIsAlwaysQuick_RunsWhereItsRequestIs()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("add", Wat.Add);

        await UntilQuickAsync(() => InvokeAsync(tenant, "add", "add", """{"args":[40,2]}"""));

        var (status, answer) = await tenant.InvokeAsync("add", "add", """{"args":[40,2]}""");
        Assert.True(status == 200, answer.GetRawText());
        Assert.Equal("[42]", answer.Results());
    }

    [Fact]
    public async Task Function_ThatWasQuickAndThenNeverEnds_HoldsUpNobody()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("count", Count);
        await UntilQuickAsync(() => InvokeAsync(tenant, "count", "count", """{"args":["1"]}"""));

        const string Body = """{"args":["9223372036854775807"]}""";
        await AssertHoldUpNobodyAsync(tenant, $"POST /v1/modules/count/invoke/count HTTP/1.1\r\nContent-Length: {Body.Length}\r\n", Body);
    }

    [Fact]
    public async Task Program_ThatWasQuickAndThenWaitsForItsClient_HoldsUpNobody()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("echo", Wat.Echo);
        await UntilQuickAsync(async () => Assert.Equal("short", await (await tenant.Invoker.PostAsync($"/f/{tenant.Id}/echo", new StringContent("short"))).Content.ReadAsStringAsync()));

        await AssertHoldUpNobodyAsync(tenant, $"POST /f/{tenant.Id}/echo HTTP/1.1\r\nContent-Length: 100\r\n", "only a part");
    }

    private async Task AssertHoldUpNobodyAsync(TestTenant tenant, string head, string body)
    {
        await tenant.UploadAsync("add", Wat.Add);
        var requests = new List<RawRequest>();
        try
        {
            var guests = 4 * Environment.ProcessorCount;
            foreach (var _ in Enumerable.Range(0, guests))
            {
                requests.Add(await RawRequest.OpenAsync(host.Address));
                await requests[^1].SendAsync($"{head}Host: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\n\r\n{body}");
            }

            await Scrape.UntilAsync(host, metrics => metrics.Sum("hostservice_invocations_running") == guests);
            using var client = host.Anonymous();
            var took = new List<TimeSpan>();
            for (var probe = 0; probe < 11; probe++)
            {
                var clock = Stopwatch.StartNew();
                using var response = await client.GetAsync("/health/live");
                Assert.Equal(200, (int)response.StatusCode);
                took.Add(clock.Elapsed);
            }

            Assert.True(took.Order().ElementAt(took.Count / 2) < TimeSpan.FromSeconds(1), string.Join(", ", took));
            await InvokeAsync(tenant, "add", "add", """{"args":[40,2]}""");
        }
        finally
        {
            requests.ForEach(request => request.Dispose());
        }

        await Scrape.UntilAsync(host, metrics => metrics.Sum("hostservice_invocations_running") == 0);
    }

    private static async Task InvokeAsync(TestTenant tenant, string module, string function, string json)
    {
        var (status, answer) = await tenant.InvokeAsync(module, function, json);
        Assert.True(status == 200, answer.GetRawText());
    }

    // A call may be slow because the machine of a test is busy, so nobody can tell how many it takes.
    private async Task UntilQuickAsync(Func<Task> call)
    {
        var before = await QuickAsync();
        for (var started = Stopwatch.StartNew(); await QuickAsync() == before;)
        {
            Assert.True(started.Elapsed < TimeSpan.FromMinutes(3), "None of its calls ran where its request was.");
            for (var calls = 0; calls < 100; calls++)
            {
                await call();
            }
        }

        // What the exporter answers may be a moment old.
        async Task<double?> QuickAsync() => (await Scrape.OfAsync(host)).Sum("hostservice_invocations_quick_total");
    }
}
