using System.Diagnostics;
using System.Text;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Several hosts in one process, as the tests of any application that embeds this one have them: neither shows what the other does.</summary>
public class TwoHostsTests
{
    [Fact]
    public async Task Metrics_OfTwoHosts_AreEachTheirOwn()
    {
        await using var busy = new RunningHost();
        await using var quiet = new RunningHost();
        await busy.InitializeAsync();
        await quiet.InitializeAsync();
        var tenant = await busy.NewTenantAsync();
        await tenant.UploadAsync("trap", """(module (func (export "f") (unreachable)))""");
        await tenant.UploadAsync("spin", Wat.Spin);
        await tenant.InvokeAsync("trap", "f", "{}");
        await tenant.InvokeAsync("trap", "f", "{}");
        using var spinning = await RawRequest.OpenAsync(busy.Address);
        await spinning.SendAsync($"POST /v1/modules/spin/invoke/spin HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\nContent-Length: 2\r\n\r\n{{}}");

        await Scrape.UntilAsync(busy, metrics => metrics.Sum("hostservice_invocations_running") == 1 && metrics.Sum("hostservice_traps_total", "code=\"unreachable\"") == 2);
        var others = await Scrape.OfAsync(quiet);
        Assert.Equal(0, others.Sum("hostservice_invocations_running"));
        Assert.Null(others.Sum("hostservice_traps_total"));
        Assert.Null(others.Sum("faas_errors_total"));
        Assert.Null(others.Sum("http_server_request_duration_seconds_count", "http_route=\"/v1/modules/{name}/invoke/{function}\""));
        Assert.Null(others.Sum("http_server_request_duration_seconds_count", "http_route=\"/v1/tenants\""));
        // Its own sample module, and not the other's three.
        Assert.Equal(1, others.Sum("hostservice_modules"));
    }

    [Fact]
    public async Task Metrics_OfAHost_GoOnWhenAnotherEnds()
    {
        await using var staying = new RunningHost();
        await staying.InitializeAsync();
        var tenant = await staying.NewTenantAsync();
        await tenant.UploadAsync("trap", """(module (func (export "f") (unreachable)))""");
        await tenant.InvokeAsync("trap", "f", "{}");
        await Scrape.UntilAsync(staying, metrics => metrics.Sum("hostservice_traps_total") == 1);

        await using (var leaving = new RunningHost())
        {
            await leaving.InitializeAsync();
        }

        await tenant.InvokeAsync("trap", "f", "{}");
        await Scrape.UntilAsync(staying, metrics => metrics.Sum("hostservice_traps_total") == 2 && metrics.Sum("hostservice_modules") == 2);
    }

    [Fact]
    public async Task Collectors_OfTwoHosts_GetEachTheirOwn()
    {
        await using var ours = await Collector.StartAsync();
        await using var others = await Collector.StartAsync();
        var (trace, otherTrace) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());
        await using (var busy = new RunningHost(ours.Settings))
        await using (var quiet = new RunningHost(others.Settings))
        {
            await busy.InitializeAsync();
            await quiet.InitializeAsync();
            var tenant = await busy.NewTenantAsync();
            tenant.Deployer.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
            await tenant.UploadAsync("trap", """(module (func (export "f") (unreachable)) (global i32 (i32.const 4712)))""");
            using var trapped = await tenant.Deployer.PostAsync("/v1/modules/trap/invoke/f", null);
            await trapped.ProblemAsync(500, "trap");
            using var client = quiet.Anonymous();
            client.DefaultRequestHeaders.Add("traceparent", $"00-{otherTrace}-{ActivitySpanId.CreateRandom()}-01");
            await client.GetStringAsync("/f/default/hello/world");

            await ours.WaitForAsync("traces", Bytes(trace), "compile", "instantiate", "invoke", "POST /v1/modules/{name}/invoke/{function}", "service.name", "hostservice");
            await ours.WaitForAsync("metrics", "hostservice.traps", "dotnet.gc.collections", "http.server.request.duration");
            await ours.WaitForAsync("logs", "Now listening on");
            await others.WaitForAsync("traces", Bytes(otherTrace), "instantiate");
            await others.WaitForAsync("metrics", "faas.invocations");
            // Hosts that end send what they still have.
        }

        Assert.DoesNotContain(Bytes(trace), others.Received("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain(Bytes(otherTrace), ours.Received("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("hostservice.traps", others.Received("metrics"), StringComparison.Ordinal);

        static string Bytes(ActivityTraceId id) => Encoding.Latin1.GetString(Convert.FromHexString(id.ToHexString()));
    }
}
