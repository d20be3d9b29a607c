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
            foreach (var path in Enumerable.Repeat("/health/live", 10))
            {
                var clock = Stopwatch.StartNew();
                using var response = await client.GetAsync(path);
                Assert.Equal(200, (int)response.StatusCode);
                Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"{path} took {clock.Elapsed}.");
            }

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

    private async Task<RawRequest> SendAsync(string text)
    {
        var request = await RawRequest.OpenAsync(host.Address);
        await request.SendAsync(text);
        return request;
    }

    private Task<Scrape> WaitUntilRunningAsync(int guests) => Scrape.UntilAsync(host, metrics => metrics.Sum("hostservice_invocations_running") == guests);
}
