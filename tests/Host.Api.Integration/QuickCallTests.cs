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

        await CallUntilQuickAsync(tenant, "add", "add", """{"args":[40,2]}""");

        var (status, answer) = await tenant.InvokeAsync("add", "add", """{"args":[40,2]}""");
        Assert.True(status == 200, answer.GetRawText());
        Assert.Equal("[42]", answer.Results());
    }

    [Fact]
    public async Task Function_ThatWasQuickAndThenNeverEnds_HoldsUpNobody()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("count", Count);
        await tenant.UploadAsync("add", Wat.Add);
        await CallUntilQuickAsync(tenant, "count", "count", """{"args":["1"]}""");
        var requests = new List<RawRequest>();
        try
        {
            var authorization = $"Host: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\n";
            const string Body = """{"args":["9223372036854775807"]}""";
            var guests = 4 * Environment.ProcessorCount;
            foreach (var _ in Enumerable.Range(0, guests))
            {
                var request = await RawRequest.OpenAsync(host.Address);
                await request.SendAsync($"POST /v1/modules/count/invoke/count HTTP/1.1\r\n{authorization}Content-Length: {Body.Length}\r\n\r\n{Body}");
                requests.Add(request);
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
            var (status, answer) = await tenant.InvokeAsync("add", "add", """{"args":[40,2]}""");
            Assert.True(status == 200, answer.GetRawText());
        }
        finally
        {
            requests.ForEach(request => request.Dispose());
        }

        await Scrape.UntilAsync(host, metrics => metrics.Sum("hostservice_invocations_running") == 0);
    }

    // A call may be slow because the machine of a test is busy, so nobody can tell how many it takes.
    private async Task CallUntilQuickAsync(TestTenant tenant, string module, string function, string json)
    {
        var before = await QuickAsync();
        for (var started = Stopwatch.StartNew(); await QuickAsync() == before;)
        {
            Assert.True(started.Elapsed < TimeSpan.FromMinutes(3), "None of its calls ran where its request was.");
            for (var call = 0; call < 100; call++)
            {
                Assert.Equal(200, (await tenant.InvokeAsync(module, function, json)).Status);
            }
        }

        // What the exporter answers may be a moment old.
        async Task<double?> QuickAsync() => (await Scrape.OfAsync(host)).Sum("hostservice_invocations_quick_total");
    }
}
