using Xunit;

namespace HostService.Host.Integration;

/// <summary>A host that runs one guest at a time.</summary>
public sealed class NarrowHost : RunningHost
{
    public NarrowHost()
        : base(new Dictionary<string, string?>
        {
            ["HostService:Limits:MaxConcurrentInvocations"] = "1",
            ["HostService:Limits:MaxQueuedInvocations"] = "1",
            ["HostService:Limits:QueueMilliseconds"] = "300",
            ["HostService:Limits:WallMilliseconds"] = "3000",
        })
    {
    }
}

/// <summary>More requests than there are places for.</summary>
public class QueueTests(NarrowHost host) : IClassFixture<NarrowHost>
{
    [Fact]
    public async Task Invocations_BeyondPlacesAndQueue_AreToldToComeBack()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("spin", Wat.Spin);
        var calls = Enumerable.Range(0, 3).Select(_ => tenant.Invoker.PostAsync("/v1/modules/spin/invoke/spin", new StringContent("{}"))).ToArray();
        var responses = await Task.WhenAll(calls);

        // One ran into its deadline; one found the queue full, or two waited in it in turn and were refused when they had waited long enough.
        Assert.Equal([429, 429, 504], responses.Select(response => (int)response.StatusCode).Order());
        foreach (var refused in responses.Where(response => (int)response.StatusCode == 429))
        {
            Assert.NotNull(refused.Headers.RetryAfter);
            await refused.ProblemAsync(429, "too-many-concurrent");
        }
    }
}
