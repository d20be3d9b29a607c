using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>What is still there after a restart.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-restart-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Modules_Keys_AndVersions_SurviveARestart()
    {
        string invoker;
        string details;
        await using (var first = await StartAsync())
        {
            var tenant = await first.NewTenantAsync();
            invoker = tenant.InvokerKey;
            await tenant.UploadAsync("m", Wat.Spin);
            await tenant.UploadAsync("m", Wat.Add);
            details = await DescribeAsync(tenant.Invoker);
        }

        await using var second = await StartAsync();
        using var client = second.Client(invoker);

        // At once: a call to what is not compiled yet waits for it.
        using var answer = await client.PostAsJsonAsync("/v1/modules/m/invoke/add", new { args = new[] { 40, 2 } });
        Assert.Equal("[42]", (await answer.JsonAsync(200)).Results());
        Assert.Equal(details, await DescribeAsync(client));

        // All but the state of the code, which is another in each process.
        static async Task<string> DescribeAsync(HttpClient client) => (await client.GetStringAsync("/v1/modules/m")).Split(",\"code\":")[0];
    }

    [Fact]
    public async Task Sample_RemovedByItsOwner_StaysAway()
    {
        await using (var first = await StartAsync())
        {
            using var client = first.Operator();
            using var deleted = await client.DeleteAsync("/v1/modules/hello");
            Assert.Equal(204, (int)deleted.StatusCode);
        }

        await using var second = await StartAsync();
        using var again = second.Operator();
        using var gone = await again.GetAsync("/f/default/hello/world");

        await gone.ProblemAsync(404, "module-not-found");
    }

    [Fact]
    public async Task StoredModules_AreCompiledInTheBackground_TheLastUsedFirst()
    {
        // Sizes that no other module of this process has: the compilations are told apart by them.
        var (older, newer) = (WithPadding(41_001), WithPadding(41_002));
        await using (var first = await StartAsync())
        {
            var tenant = await first.NewTenantAsync();
            await tenant.UploadAsync("older", older);
            await tenant.UploadAsync("newer", newer);
            // Uses are noted to the second.
            await Task.Delay(1_100);
            Assert.Equal(200, (await tenant.InvokeAsync("older", "f", "{}")).Status);
        }

        // Or they would be loaded, in the same order.
        Directory.Delete(Path.Combine(_data, "compiled"), recursive: true);
        var compiled = new ConcurrentQueue<int>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "HostService",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => compiled.Enqueue(activity.OperationName == "compile" ? (int)activity.GetTagItem("hostservice.module.size")! : 0),
        };
        ActivitySource.AddActivityListener(listener);
        await using var second = await StartAsync();
        var warm = await second.Log.WaitForAsync(entry => entry.MessageTemplate.Text.Contains("made ready", StringComparison.Ordinal));

        Assert.Equal(("3", "0"), (warm.Properties["Count"].ToString(), warm.Properties["Loaded"].ToString()));
        int[] sizes = [Wat.Binary(older).Length, Wat.Binary(newer).Length];
        Assert.Equal(sizes, compiled.Where(size => sizes.Contains(size)));
    }

    [Fact]
    public async Task Module_WhoseFileIsDamaged_Answers503AndOthersGoOn()
    {
        string invoker;
        string digest;
        await using (var first = await StartAsync())
        {
            var tenant = await first.NewTenantAsync();
            invoker = tenant.InvokerKey;
            digest = (await tenant.UploadAsync("damaged", Wat.Add)).GetProperty("digest").GetString()!;
            await tenant.UploadAsync("whole", Wat.Identity);
        }

        await File.WriteAllTextAsync(Path.Combine(_data, "binaries", $"{digest["sha256:".Length..]}.wasm"), "damaged");
        Directory.Delete(Path.Combine(_data, "compiled"), recursive: true);
        await using var second = await StartAsync();
        using var client = second.Client(invoker);
        using var damaged = await client.PostAsJsonAsync("/v1/modules/damaged/invoke/add", new { args = new[] { 1, 2 } });
        using var whole = await client.PostAsJsonAsync("/v1/modules/whole/invoke/i32", new { args = new[] { 1 } });

        await damaged.ProblemAsync(503, "module-unavailable");
        Assert.Equal("[1]", (await whole.JsonAsync(200)).Results());
    }

    [Fact]
    public async Task OperatorKey_NotConfigured_IsGeneratedOnceForItsOwnerOnly()
    {
        var settings = new Dictionary<string, string?> { ["HostService:OperatorKey"] = "" };
        var path = Path.Combine(_data, "operator.key");
        string key;
        await using (var first = await StartAsync(settings))
        {
            key = (await File.ReadAllTextAsync(path)).Trim();
            await first.Log.WaitForAsync(entry => entry.RenderMessage(null).Contains(path, StringComparison.Ordinal));
            Assert.DoesNotContain(key, first.Log.Everything(), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }

        await using var second = await StartAsync(settings);
        using var client = second.Client(key);
        using var list = await client.GetAsync("/v1/modules");
        using var wrong = second.Client(RunningHost.OperatorKey);
        using var refused = await wrong.GetAsync("/v1/modules");

        Assert.Equal([200, 401], new[] { (int)list.StatusCode, (int)refused.StatusCode });
    }

    private static string WithPadding(int length) => $$"""(module (func (export "f")) (@custom "padding" "{{new string('x', length)}}"))""";

    private async Task<RunningHost> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var host = new RunningHost(settings ?? new Dictionary<string, string?>(), _data);
        await host.InitializeAsync();
        return host;
    }
}
