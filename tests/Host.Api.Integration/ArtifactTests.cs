using System.Net.Http.Json;
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
            var kept = await tenant.Invoker.CodeAsync("m", code => code.GetProperty("artifactBytes").ValueKind != System.Text.Json.JsonValueKind.Null);
            Assert.True(kept.GetProperty("artifactBytes").GetInt64() > Wat.Binary(Wat.Add).Length);
        }

        await using var second = await StartAsync();
        using var client = second.Client(key);
        Assert.Equal("[42]", await AddAsync(client, "m"));
        var code = await client.CodeAsync("m", code => code.Tier() == "optimized");

        Assert.Equal("artifact", code.Origin());
        await MetricAsync(second, "hostservice_artifact_reads_total", "hit");
        await MetricAsync(second, "hostservice_compilation_duration_seconds_count", "origin=\"artifact\"");
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

    private async Task<RunningHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var host = new RunningHost(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value), _data);
        await host.InitializeAsync();
        return host;
    }
}
