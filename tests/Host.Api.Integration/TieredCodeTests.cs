using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Modules;
using HostService.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Modules are ready on baseline code, are optimised in the background, and new invocations then run the optimised code.</summary>
public class TieredCodeTests
{
    [Fact]
    public async Task Upload_ByDefault_RunsAtOnceAndSwitchesToOptimizedCode()
    {
        await using var host = await StartAsync();
        var tenant = await host.NewTenantAsync();
        var uploaded = (await tenant.UploadAsync("m", Wat.Add)).GetProperty("code");
        Assert.Equal("compilation", uploaded.Origin());
        Assert.Contains(uploaded.Tier(), new[] { "baseline", "optimized" });

        var (_, first) = await tenant.InvokeAsync("m", "add", """{"args":[40,2]}""");
        var code = await tenant.Invoker.CodeAsync("m", code => code.Tier() == "optimized" && State(code) == "done");
        var (_, second) = await tenant.InvokeAsync("m", "add", """{"args":[40,2]}""");

        Assert.Equal(("[42]", "[42]"), (first.Results(), second.Results()));
        var optimization = code.GetProperty("optimization");
        Assert.Equal((1, 1), (optimization.GetProperty("functions").GetInt32(), optimization.GetProperty("optimizedFunctions").GetInt32()));
        Assert.True(optimization.GetProperty("durationMs").GetDouble() > 0);
        Assert.True(code.GetProperty("durationMs").GetDouble() > 0);
        Assert.True(code.GetProperty("sizeBytes").GetInt64() > 0);
        Assert.Equal(JsonValueKind.Null, optimization.GetProperty("reason").ValueKind);
    }

    [Fact]
    public async Task Module_WithAFunctionThatTheOptimizerDoesNotTake_SaysSo()
    {
        await using var host = await StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("small", Wat.Add);
        using var uploaded = await tenant.PutAsync("large", LargeModule.BeyondTheOptimizer());
        var limits = (await uploaded.JsonAsync(201)).GetProperty("code").GetProperty("optimization").GetProperty("overLimits");

        Assert.Equal("""{"functions":1,"codeBytes":0,"instructions":1,"blocks":0,"locals":0,"localUses":1}""", limits.GetRawText());
        Assert.Equal("[0]", (await tenant.InvokeAsync("large", "f", """{"args":[0]}""")).Body.Results());
        using var client = host.Anonymous();
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Equal(1, Value(metrics, "hostservice_optimization_unoptimizable"));
        Assert.Equal(2, Value(metrics, "hostservice_optimization_limits"));
        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("hostservice_optimization_limits{", StringComparison.Ordinal) && line.Contains("limit=\"local_uses\"", StringComparison.Ordinal) && line.Split(' ')[^1] == "1");
    }

    [Fact]
    public async Task Invocations_BeforeAndAfterTheSwitch_RunTheCodeOfTheirTime()
    {
        await using var host = await StartAsync(("OptimizationThreads", "1"), ("StoreCompiledModules", "false"));
        var tenant = await host.NewTenantAsync();
        await UploadLargeAsync(tenant);
        Assert.False(await RunsOptimizedCodeAsync(host, tenant, "large"));

        await tenant.UploadAsync("small", Wat.Add);
        await tenant.Invoker.CodeAsync("small", code => code.Tier() == "optimized");
        Assert.True(await RunsOptimizedCodeAsync(host, tenant, "small"));
    }

    [Fact]
    public async Task Invocation_AcrossTheSwitch_EndsOnTheCodeThatItBeganOn()
    {
        await using var host = await StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("echo", Wat.Echo);
        using var early = await RawRequest.OpenAsync(host.Address);
        await early.SendAsync($"POST /f/{tenant.Id}/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.InvokerKey}\r\nConnection: close\r\nContent-Length: 8\r\n\r\nhalf");
        await early.ReadUntilAsync("half");

        await tenant.Invoker.CodeAsync("echo", code => code.Tier() == "optimized");
        // What was replaced may be taken away now, but for those who run it.
        Collect();
        using var content = new StringContent("late");
        using var late = await tenant.Invoker.PostAsync($"/f/{tenant.Id}/echo", content);
        await early.SendAsync("done");

        Assert.EndsWith("late", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("done", await early.ReadUntilAsync("done"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Module_OfManyFunctions_HoldsUpNobodyAndGoesWithItsBackgroundWork()
    {
        await using var host = await StartAsync(("OptimizationThreads", "1"), ("StoreCompiledModules", "false"));
        var engine = host.Services.GetRequiredService<Engine>();
        var tenant = await host.NewTenantAsync();
        var before = engine.GetStatistics().Modules;
        var uploaded = await UploadLargeAsync(tenant);
        Assert.Equal(("baseline", "running", LargeModule.Functions), (uploaded.Tier(), State(uploaded), uploaded.GetProperty("optimization").GetProperty("functions").GetInt32()));
        var module = WeakLarge(host);
        using var client = host.Anonymous();
        await ModuleCode.UntilAsync(
            async () => await client.GetStringAsync("/metrics") is var metrics && Value(metrics, "hostservice_optimization_modules") >= 1 && Value(metrics, "hostservice_optimization_functions") > 0,
            () => "the queue is in the metrics");

        await ModuleCode.UntilAsync(() => Task.FromResult(OptimizersAreNice()), () => "optimisers have a low priority");

        // It runs meanwhile, other modules run, and are optimised in turn.
        Assert.Equal("[8]", (await tenant.InvokeAsync("large", "f", """{"args":[7]}""")).Body.Results());
        await tenant.UploadAsync("small", Wat.Add);
        Assert.Equal("[42]", (await tenant.InvokeAsync("small", "add", """{"args":[40,2]}""")).Body.Results());
        await tenant.Invoker.CodeAsync("small", code => code.Tier() == "optimized");
        Assert.Equal("running", State(await tenant.Invoker.CodeAsync("large")));

        using var deleted = await tenant.Deployer.DeleteAsync("/v1/modules/large");
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Equal(before + 1, engine.GetStatistics().Modules);
        await ModuleCode.UntilAsync(
            async () => await client.GetStringAsync("/metrics") is var metrics && Value(metrics, "hostservice_optimization_modules") == 0 &&
                metrics.Split('\n').Any(line => line.StartsWith("hostservice_optimization_duration_seconds_count", StringComparison.Ordinal) && line.Contains("cancelled", StringComparison.Ordinal)),
            () => "the end of the work is in the metrics");
        await ModuleCode.UntilAsync(
            () =>
            {
                Collect();
                return Task.FromResult(!module.IsAlive);
            },
            () => "the module's code is unloaded");
    }

    [Fact]
    public async Task Shutdown_DuringBackgroundWork_EndsIt()
    {
        CodeOptimization optimization;
        await using (var host = await StartAsync(("OptimizationThreads", "1"), ("StoreCompiledModules", "false")))
        {
            var tenant = await host.NewTenantAsync();
            await UploadLargeAsync(tenant);
            optimization = Large(host).Optimization!;
            Assert.Equal("running", optimization.State);
        }

        await optimization.Ended.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal("cancelled", optimization.State);
    }

    [Theory]
    [InlineData("Optimized", "optimized")]
    [InlineData("Baseline", "baseline")]
    public async Task Compilation_Configured_IsWhatModulesGet(string strategy, string tier)
    {
        await using var host = await StartAsync(("Compilation", strategy));
        var tenant = await host.NewTenantAsync();
        var code = (await tenant.UploadAsync("m", Wat.Add)).GetProperty("code");

        Assert.Equal((tier, JsonValueKind.Null), (code.Tier(), code.GetProperty("optimization").ValueKind));
        Assert.Equal("[42]", (await tenant.InvokeAsync("m", "add", """{"args":[40,2]}""")).Body.Results());
    }

    private static string State(JsonElement code) => code.GetProperty("optimization").GetProperty("state").GetString()!;

    // By the system's own account: the name is cut to 15 characters, the priority is the 19th field.
    private static bool OptimizersAreNice()
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        var priorities = new List<string>();
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("WebAssembly opt", StringComparison.Ordinal))
                {
                    priorities.Add(File.ReadAllText(Path.Combine(thread, "stat")).Split(") ")[^1].Split(' ')[16]);
                }
            }
            catch (IOException)
            {
                // Ended meanwhile; it need not be one of those.
            }
        }

        return priorities.Count > 0 && priorities.TrueForAll(priority => priority == "10");
    }

    private static double Value(string metrics, string name) => metrics.Split('\n')
        .Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal)).Select(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Sum();

    private static async Task<JsonElement> UploadLargeAsync(TestTenant tenant)
    {
        using var uploaded = await tenant.PutAsync("large", LargeModule.Binary);
        return (await uploaded.JsonAsync(201)).GetProperty("code");
    }

    // An invocation like every other, that looks at its own instance instead of calling a function.
    private static async Task<bool> RunsOptimizedCodeAsync(RunningHost host, TestTenant tenant, string name)
    {
        var entry = host.Services.GetRequiredService<ModuleCatalog>().Find(tenant.Id, name)!;
        var invoker = host.Services.GetRequiredService<Invoker>();
        var code = await invoker.CodeAsync(entry, CancellationToken.None);
        return (await invoker.InvokeAsync(entry, code, new Look(), CancellationToken.None)).Value;
    }

    private static CompiledModule Large(RunningHost host) => Assert.Single(host.ReadyModules(), module => module.Pre.Module.FunctionCount == LargeModule.Functions);

    // Not inlined, so that the test's own frame keeps no module alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference WeakLarge(RunningHost host) => new(Large(host).Pre.Module);

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static async Task<RunningHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var host = new RunningHost(settings.ToDictionary(setting => $"HostService:Engine:{setting.Name}", setting => (string?)setting.Value));
        await host.InitializeAsync();
        return host;
    }

    private sealed class Look : Invocation<bool>
    {
        public override Trigger Trigger => Trigger.Invoke;

        public override string Function => "look";

        public override void CheckAgainst(CompiledModule module)
        {
        }

        public override bool Call(Instance instance) => instance.RunsOptimizedCode;
    }
}
