using System.Runtime.CompilerServices;
using HostService.Host.Features.Modules;
using HostService.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace HostService.Host.Integration;

public class ReleasedCodeTests
{
    private const string Collections = "hostservice_code_collection_duration_seconds_count";

    [Fact]
    public async Task LargeModule_Deleted_IsCollectedWithoutAnybodyAllocating()
    {
        await using var host = await StartAsync(megabytes: 1);
        var tenant = await host.NewTenantAsync();
        await UploadLargeAsync(tenant);
        Assert.Equal("[8]", (await tenant.InvokeAsync("large", "f", """{"args":[7]}""")).Body.Results());
        var module = WeakLarge(host);

        using var deleted = await tenant.Deployer.DeleteAsync("/v1/modules/large");
        Assert.Equal(204, (int)deleted.StatusCode);

        await Scrape.UntilAsync(host, scrape => scrape.Sum(Collections, "outcome=\"freed\"") >= 1);
        Assert.False(module.IsAlive);
        Assert.Contains("Collected the code of 1 released modules", host.Log.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LargeModule_DeletedWhileAStoreUsesIt_IsCollectedOnceThatIsGone()
    {
        await using var host = await StartAsync(megabytes: 1);
        var tenant = await host.NewTenantAsync();
        await UploadLargeAsync(tenant);
        var store = StoreThatUsesLarge(host);

        using var deleted = await tenant.Deployer.DeleteAsync("/v1/modules/large");
        await Scrape.UntilAsync(host, scrape => scrape.Sum(Collections, "outcome=\"in_use\"") >= 1);
        Release(store);

        await Scrape.UntilAsync(host, scrape => scrape.Sum(Collections, "outcome=\"freed\"") >= 1);
    }

    [Fact]
    public async Task SmallModule_Deleted_StopsNobody()
    {
        await using var host = await StartAsync(megabytes: 1);
        var tenant = await host.NewTenantAsync();
        for (var i = 0; i < 20; i++)
        {
            await tenant.UploadAsync("small", Wat.Add);
            using var deleted = await tenant.Deployer.DeleteAsync("/v1/modules/small");
            Assert.Equal(204, (int)deleted.StatusCode);
        }

        // Longer than a collection would have been put off.
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Null((await Scrape.OfAsync(host)).Sum(Collections));
    }

    private static async Task UploadLargeAsync(TestTenant tenant)
    {
        using var uploaded = await tenant.PutAsync("large", LargeModule.Binary);
        Assert.Equal(201, (int)uploaded.StatusCode);
    }

    // Not inlined, so that the test's own frames keep nothing alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference WeakLarge(RunningHost host) => new(Large(host).Pre.Module);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StrongBox<Store?> StoreThatUsesLarge(RunningHost host)
    {
        var store = new Store(host.Services.GetRequiredService<Engine>());
        Large(host).Pre.Instantiate(store);
        return new StrongBox<Store?>(store);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Release(StrongBox<Store?> store)
    {
        store.Value!.Dispose();
        store.Value = null;
    }

    private static CompiledModule Large(RunningHost host) => Assert.Single(host.ReadyModules(), module => module.Pre.Module.FunctionCount == LargeModule.Functions);

    private static async Task<RunningHost> StartAsync(int megabytes)
    {
        var host = new RunningHost(new Dictionary<string, string?>
        {
            ["HostService:Engine:CollectAfterMegabytes"] = $"{megabytes}",
            ["HostService:Engine:StoreCompiledModules"] = "false",
        });
        await host.InitializeAsync();
        return host;
    }
}
