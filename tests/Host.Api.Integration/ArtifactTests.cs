using System.Diagnostics;
using System.Text.Json;
using HostService.Host.Features.Modules;
using HostService.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Compiled code is kept beside the binaries, as long as they are, and nothing depends on it.</summary>
public sealed class ArtifactTests : IDisposable
{
    private const string Call = """{"args":[40,2]}""";

    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-artifacts-").FullName;

    private string Folder => Path.Combine(_data, "compiled");

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(Folder))
        {
            File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Restart_WithArtifacts_LoadsInsteadOfCompiling()
    {
        string key;
        await using (var first = await StartAsync())
        {
            var tenant = await first.NewTenantAsync();
            key = tenant.InvokerKey;
            await tenant.UploadAsync("m", Wat.Add);
            var kept = await tenant.Invoker.CodeAsync("m", code => code.GetProperty("artifactBytes").ValueKind != JsonValueKind.Null);
            Assert.True(kept.GetProperty("artifactBytes").GetInt64() > Wat.Binary(Wat.Add).Length);
        }

        await using var second = await StartAsync();
        using var client = second.Client(key);
        Assert.Equal("[42]", await AddAsync(client, "m"));
        var code = await client.CodeAsync("m", code => code.Tier() == "optimized");

        Assert.Equal("artifact", code.Origin());
        var warm = await second.Log.WaitForAsync(entry => entry.MessageTemplate.Text.Contains("made ready", StringComparison.Ordinal));
        Assert.Equal(warm.Properties["Count"].ToString(), warm.Properties["Loaded"].ToString());
        await MetricAsync(second, "hostservice_artifact_reads_total", "hit");
        await MetricAsync(second, "hostservice_compilation_duration_seconds_count", "origin=\"artifact\"");
    }

    [Fact]
    public async Task Restart_AfterCallsOnBaselineCode_KnowsWhichFunctionsTheyNeeded()
    {
        const int Functions = 1_000;
        string key;
        await using (var first = await StartAsync())
        {
            var tenant = await first.NewTenantAsync();
            key = tenant.InvokerKey;
            using (var uploaded = await tenant.PutAsync("large", LargeModule.OfFunctions(Functions)))
            {
                Assert.Equal("baseline", (await uploaded.JsonAsync(201)).GetProperty("code").Tier());
            }

            var (_, answer) = await tenant.InvokeAsync("large", "f", """{"args":[41]}""");
            Assert.Equal("[42]", answer.Results());
            await tenant.Invoker.CodeAsync("large", code => code.Tier() == "optimized");
            await ModuleCode.UntilAsync(() => Task.FromResult(OfFunctions(first, Functions).KeptProfile == 1), () => "the artifact to be written with the profile");
        }

        await using var second = await StartAsync();
        using var client = second.Client(key);
        Assert.Equal("artifact", (await client.CodeAsync("large", code => code.Tier() != "pending")).Origin());
        Assert.Equal(1, OfFunctions(second, Functions).Pre.Module.ProfiledFunctionCount);
    }

    [Fact]
    public async Task Module_NotCompiledYet_SaysPending()
    {
        string key;
        await using (var first = await StartAsync())
        {
            var tenant = await first.NewTenantAsync();
            key = tenant.InvokerKey;
            await tenant.UploadAsync("m", Wat.Add);
        }

        Directory.Delete(Folder, recursive: true);
        File.Delete(Assert.Single(Directory.GetFiles(Path.Combine(_data, "binaries")), file => new FileInfo(file).Length == Wat.Binary(Wat.Add).Length));
        await using var second = await StartAsync();
        using var client = second.Client(key);

        Assert.Equal("pending", (await client.CodeAsync("m")).Tier());
    }

    [Fact]
    public async Task Deleted_WithTheLastVersion_IsTheArtifactToo()
    {
        await using var host = await StartAsync();
        var (one, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await one.UploadAsync("a", Wat.Add);
        await one.UploadAsync("b", Wat.Add);
        var digest = (await other.UploadAsync("c", Wat.Add)).GetProperty("digest").GetString()!;
        var file = PathOf(digest);
        await ModuleCode.UntilAsync(() => Task.FromResult(File.Exists(file)), () => "the artifact is written");

        await DeleteAsync(one, "a");
        await DeleteAsync(other, "c");
        Assert.True(File.Exists(file));
        await DeleteAsync(one, "b");
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Deleted_WhileItIsWritten_LeavesNothing()
    {
        string[] left;
        await using (var host = await StartAsync())
        {
            var tenant = await host.NewTenantAsync();
            for (var i = 0; i < 20; i++)
            {
                await tenant.UploadAsync("m", $"""(module (memory 1) (data "{new string('x', 1000 * i)}") (func (export "f") (result i32) (i32.const {i})))""");
                await DeleteAsync(tenant, "m");
            }

            await tenant.UploadAsync("kept", Wat.Add);
        }

        // Disposing waits for what was still to be written.
        left = [.. Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order()!];
        Assert.Equal(Directory.GetFiles(Path.Combine(_data, "binaries")).Select(Path.GetFileNameWithoutExtension).Order(), left);
    }

    [Fact]
    public async Task Uploads_OfOneContentAtOnce_CompileOnceAndKeepOneArtifact()
    {
        await using (var host = await StartAsync())
        {
            var engine = host.Services.GetRequiredService<Engine>();
            var before = engine.GetStatistics().Modules;
            var tenants = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.NewTenantAsync()));
            await Task.WhenAll(tenants.SelectMany(tenant => Enumerable.Range(0, 4).Select(number => tenant.UploadAsync($"m{number}", Wat.Add))));

            Assert.Equal(before + 1, engine.GetStatistics().Modules);
            foreach (var tenant in tenants)
            {
                Assert.Equal("[42]", await AddAsync(tenant.Invoker, "m3"));
            }
        }

        // The sample's is the other.
        Assert.Equal(2, Directory.GetFiles(Folder).Length);
    }

    [Fact]
    public async Task Hammer_UploadsCallsAndDeletions_LeaveNoCodeAndNoFile()
    {
        await using (var host = await StartAsync())
        {
            var engine = host.Services.GetRequiredService<Engine>();
            var before = engine.GetStatistics().Modules;
            var tenant = await host.NewTenantAsync();
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() => StrikeAsync(tenant, new Random(seed), watch))));
            foreach (var number in Enumerable.Range(0, 3))
            {
                using var deleted = await tenant.Deployer.DeleteAsync($"/v1/modules/m{number}");
            }

            await ModuleCode.UntilAsync(() => Task.FromResult(engine.GetStatistics().Modules == before), () => $"{engine.GetStatistics().Modules} modules are left of {before}");
        }

        // The sample's.
        Assert.Single(Directory.GetFiles(Folder));

        // Three names and four contents, so that everything meets everything: the same content under several names, versions that come and go, calls across the switch.
        static async Task StrikeAsync(TestTenant tenant, Random random, Stopwatch watch)
        {
            while (watch.Elapsed < TimeSpan.FromSeconds(2))
            {
                var name = $"m{random.Next(3)}";
                switch (random.Next(4))
                {
                    case 0:
                        using (var deleted = await tenant.Deployer.DeleteAsync($"/v1/modules/{name}"))
                        {
                            Assert.Contains((int)deleted.StatusCode, new[] { 204, 404 });
                        }

                        break;
                    case 1:
                        await tenant.UploadAsync(name, $"""(module (func $inner (result i32) (i32.const {random.Next(4)})) (func (export "f") (result i32) (i32.add (call $inner) (i32.const 100))))""");
                        break;
                    default:
                        var (status, answer) = await tenant.InvokeAsync(name, "f", "{}");
                        Assert.True(status == 404 || answer.GetProperty("results")[0].GetInt32() is >= 100 and < 104, answer.GetRawText());
                        break;
                }
            }
        }
    }

    [Fact]
    public async Task Upload_WhereNothingCanBeWritten_SucceedsAndSaysSoInTheLog()
    {
        await File.WriteAllTextAsync(Folder, "in the way");
        string key;
        await using (var first = await StartAsync())
        {
            var tenant = await first.NewTenantAsync();
            key = tenant.InvokerKey;
            await tenant.UploadAsync("m", Wat.Add);
            await first.Log.WaitForAsync(entry => entry.MessageTemplate.Text.Contains("could not be kept", StringComparison.Ordinal));
            Assert.Equal("[42]", await AddAsync(tenant.Invoker, "m"));
            await MetricAsync(first, "hostservice_artifact_writes_total", "failed");
        }

        await using var second = await StartAsync();
        using var client = second.Client(key);
        Assert.Equal("[42]", await AddAsync(client, "m"));
        Assert.Equal("compilation", (await client.CodeAsync("m")).Origin());
    }

    [Fact]
    public async Task Upload_IntoAReadOnlyFolder_Succeeds()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var host = await StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", Wat.Add);
        Assert.Equal("[42]", await AddAsync(tenant.Invoker, "m"));

        // To the superuser nothing is read-only.
        if (!Environment.IsPrivilegedProcess)
        {
            await host.Log.WaitForAsync(entry => entry.MessageTemplate.Text.Contains("could not be kept", StringComparison.Ordinal));
        }

        await DeleteAsync(tenant, "m");
    }

    [Fact]
    public async Task Storing_SwitchedOff_NeitherWritesNorReads()
    {
        await using (var host = await StartAsync(("HostService:Engine:StoreCompiledModules", "false")))
        {
            await (await host.NewTenantAsync()).UploadAsync("m", Wat.Add);
        }

        Assert.False(Directory.Exists(Folder));
    }

    private static async Task<string> AddAsync(HttpClient client, string name)
    {
        using var content = new StringContent(Call, null, "application/json");
        using var answer = await client.PostAsync($"/v1/modules/{name}/invoke/add", content);
        return (await answer.JsonAsync(200)).Results();
    }

    private static async Task DeleteAsync(TestTenant tenant, string name)
    {
        using var deleted = await tenant.Deployer.DeleteAsync($"/v1/modules/{name}");
        Assert.Equal(204, (int)deleted.StatusCode);
    }

    // The exporter answers from its cache for a moment.
    private static async Task MetricAsync(RunningHost host, string name, string label)
    {
        using var client = host.Anonymous();
        await ModuleCode.UntilAsync(
            async () => (await client.GetStringAsync("/metrics")).Split('\n')
                .Any(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)),
            () => $"{name} has {label}");
    }

    private string PathOf(string digest) => Path.Combine(Folder, digest["sha256:".Length..] + ".code");

    private static CompiledModule OfFunctions(RunningHost host, int functions) => Assert.Single(host.ReadyModules(), module => module.Pre.Module.FunctionCount == functions);

    private async Task<RunningHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var host = new RunningHost(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value), _data);
        await host.InitializeAsync();
        return host;
    }
}
