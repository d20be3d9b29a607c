using Xunit;

namespace HostService.Host.Integration;

/// <summary>A deployer rehearses with an invocation and has the code of what that ran made before there is traffic.</summary>
public sealed class PrepareTests
{
    [Fact]
    public async Task Prepare_AfterAnInvocation_MakesAndKeepsWhatItRan()
    {
        await using var host = await StartAsync(("OptimizationThreads", "1"));
        var tenant = await host.NewTenantAsync();
        using var uploaded = await tenant.PutAsync("large", LargeModule.Binary);
        Assert.Equal(0, (await uploaded.JsonAsync(201)).GetProperty("code").GetProperty("profiledFunctions").GetInt32());
        Assert.Equal("[42]", (await tenant.InvokeAsync("large", "f", """{"args":[41]}""")).Body.Results());

        using var answer = await tenant.Deployer.PostAsync("/v1/modules/large/prepare", content: null);

        var code = (await answer.JsonAsync(200)).GetProperty("code");
        Assert.Equal(("baseline", 1), (code.Tier(), code.GetProperty("profiledFunctions").GetInt32()));
        Assert.Equal("[43]", (await tenant.InvokeAsync("large", "f", """{"args":[42]}""")).Body.Results());

        // Without waiting for the optimiser, which has seconds to go.
        var module = Assert.Single(host.ReadyModules(), module => module.Pre.Module.FunctionCount == LargeModule.Functions);
        await ModuleCode.UntilAsync(() => Task.FromResult(module.KeptProfile == 1), () => "the artifact to be written with the profile");
    }

    [Fact]
    public async Task Prepare_OfWhatIsOptimizedOrWasNeverInvoked_HasNothingToDo()
    {
        await using var host = await StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        using var early = await tenant.Deployer.PostAsync("/v1/modules/m/prepare", content: null);
        await early.JsonAsync(200);
        await tenant.Invoker.CodeAsync("m", code => code.Tier() == "optimized");

        using var late = await tenant.Deployer.PostAsync("/v1/modules/m/prepare", content: null);

        Assert.Equal("optimized", (await late.JsonAsync(200)).GetProperty("code").Tier());
        Assert.Equal("[42]", (await tenant.InvokeAsync("m", "add", """{"args":[40,2]}""")).Body.Results());
    }

    [Theory]
    [InlineData("nobody", 404, "module-not-found")]
    [InlineData("Not%20A%20Name", 400, "bad-name")]
    public async Task Prepare_OfNoModule_SaysSo(string name, int status, string problem)
    {
        await using var host = await StartAsync();
        var tenant = await host.NewTenantAsync();

        using var answer = await tenant.Deployer.PostAsync($"/v1/modules/{name}/prepare", content: null);

        Assert.EndsWith(problem, (await answer.JsonAsync(status)).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_ByWhoMayOnlyInvoke_IsForbidden()
    {
        await using var host = await StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);

        using var answer = await tenant.Invoker.PostAsync("/v1/modules/m/prepare", content: null);

        await answer.JsonAsync(403);
    }

    private static async Task<RunningHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var host = new RunningHost(settings.ToDictionary(setting => $"HostService:Engine:{setting.Name}", setting => (string?)setting.Value));
        await host.InitializeAsync();
        return host;
    }
}
