using System.Diagnostics;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>A host whose guests may take long.</summary>
public sealed class PatientHost : RunningHost
{
    public PatientHost()
        : base(new Dictionary<string, string?>
        {
            ["HostService:Limits:CpuMilliseconds"] = "3600000",
            // Longer than any wait of the tests, so that no guest ends for that reason.
            ["HostService:Limits:WallMilliseconds"] = "300000",
            ["HostService:Limits:QueueMilliseconds"] = "300000",
            ["HostService:Limits:MaxOutputBytes"] = $"{int.MaxValue}",
        })
    {
    }
}

/// <summary>Guests that never end, and guests that wait for clients that never send: nobody else notices.</summary>
public class ContainmentTests(PatientHost host) : IClassFixture<PatientHost>
{
    private const int Guests = 32;

    [Fact]
    public async Task Health_With32GuestsSpinningAnd32Waiting_AnswersWithinASecond()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("spin", Wat.Spin);
        await tenant.UploadAsync("echo", Wat.Echo);
        await tenant.UploadAsync("add", Wat.Add);
        var requests = new List<RawRequest>();
        try
        {
            var authorization = $"Host: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\n";
            foreach (var _ in Enumerable.Range(0, Guests))
            {
                requests.Add(await SendAsync($"POST /v1/modules/spin/invoke/spin HTTP/1.1\r\n{authorization}Content-Length: 2\r\n\r\n{{}}"));
                requests.Add(await SendAsync($"POST /f/{tenant.Id}/echo HTTP/1.1\r\n{authorization}Content-Length: 100\r\n\r\nonly a part"));
            }

            await WaitUntilRunningAsync(2 * Guests);
            using var client = host.Anonymous();
            var took = new List<TimeSpan>();
            for (var probe = 0; probe < 11; probe++)
            {
                var clock = Stopwatch.StartNew();
                using var response = await client.GetAsync("/health/live");
                Assert.Equal(200, (int)response.StatusCode);
                took.Add(clock.Elapsed);
            }

            // The median: guests that held up health would do so each time, what else runs on the machine of a test does now and then.
            Assert.True(took.Order().ElementAt(took.Count / 2) < TimeSpan.FromSeconds(1), string.Join(", ", took));

            // Other functions go on as well, beside those 64.
            var (status, answer) = await tenant.InvokeAsync("add", "add", """{"args":[40,2]}""");
            Assert.True(status == 200, answer.GetRawText());
            Assert.Equal("[42]", answer.Results());
        }
        finally
        {
            requests.ForEach(request => request.Dispose());
        }

        // Their clients are gone, so the guests end and give their threads back, long before their time is over.
        await WaitUntilRunningAsync(0);
    }

    [Theory]
    // A guest that goes on writing is stopped by the connection that takes no more; one that computes, by its next look at the deadline.
    [InlineData("(drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))")]
    [InlineData("")]
    public async Task Client_WhoLeavesInTheMiddleOfAnAnswer_IsNotWrittenForAnyLonger(string more)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", $$"""
            (module
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 2)
              (data (i32.const 100) "Content-Type: text/plain\n\n")
              (func (export "_start")
                (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 65536))
                (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
                (loop $again {{more}} (br $again))))
            """);
        var cancelledBefore = (await Scrape.OfAsync(host)).Sum("faas_errors_total", "error_type=\"cancelled\"") ?? 0;
        using (var client = await SendAsync($"GET /f/{tenant.Id}/m HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\n\r\n"))
        {
            Assert.StartsWith("HTTP/1.1 200", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
            await WaitUntilRunningAsync(1);
        }

        await WaitUntilRunningAsync(0);
        await Scrape.UntilAsync(host, metrics => metrics.Sum("faas_errors_total", "error_type=\"cancelled\"") == cancelledBefore + 1);
    }

    private async Task<RawRequest> SendAsync(string text)
    {
        var request = await RawRequest.OpenAsync(host.Address);
        await request.SendAsync(text);
        return request;
    }

    private Task<Scrape> WaitUntilRunningAsync(int guests) => Scrape.UntilAsync(host, metrics => metrics.Sum("hostservice_invocations_running") == guests);
}
