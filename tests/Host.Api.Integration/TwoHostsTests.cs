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
}
