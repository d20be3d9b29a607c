using System.Text;
using System.Text.Json;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Functions of a suspicious shape are compiled in a child process first; a module that breaks its limits stays on baseline code, or is refused, and says so.</summary>
public sealed class TrialTests : IDisposable
{
    private const string Call = """{"args":[40]}""";

    // Too little for any of the functions below.
    private static readonly (string Name, string Value) s_short = ("TrialMilliseconds", "10");

    // Optimising it takes half a second.
    private static readonly string s_toOptimize =
        $"""(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 2))) (func $large (export "g") (param i32) {Repeat(600, "loop")} {Repeat(600, "local.get 0 br_if 0 end")}))""";

    // Compiling it without optimisation takes a second or two.
    private static readonly string s_toCompileAtAll = $"""
        (module (func $many (result {Repeat(1_000, "i64")}) {Repeat(1_000, "i64.const 1")})
          (func $huge (export "g") {Repeat(150, $"call $many {Repeat(1_000, "drop")}")}))
        """;

    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-trials-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Upload_SuspiciousWithinTheLimits_IsOptimized()
    {
        await using var host = await StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", s_toOptimize);
        var code = await tenant.Invoker.CodeAsync("m", code => code.Tier() == "optimized");

        Assert.Equal(("passed", 1), (Outcome(code), code.GetProperty("trial").GetProperty("functions").GetInt32()));
        Assert.Equal(JsonValueKind.Null, code.GetProperty("trial").GetProperty("reason").ValueKind);
        await MetricAsync(host, "hostservice_trials_total", "outcome=\"passed\"");
        await tenant.UploadAsync("plain", Wat.Add);
        Assert.Equal(JsonValueKind.Null, (await tenant.Invoker.CodeAsync("plain")).GetProperty("trial").ValueKind);
    }

    [Fact]
    public async Task Upload_BreaksTheLimitsOptimized_StaysOnBaselineCodeSaysSoAndStillAnswers()
    {
        string key, reason;
        await using (var host = await StartAsync(s_short))
        {
            var tenant = await host.NewTenantAsync();
            key = tenant.InvokerKey;
            await tenant.UploadAsync("m", s_toOptimize);
            var code = await tenant.Invoker.CodeAsync("m", code => Outcome(code) == "exceeded" && State(code) == "failed" && code.GetProperty("artifactBytes").ValueKind == JsonValueKind.Number);

            reason = code.GetProperty("trial").GetProperty("reason").GetString()!;
            Assert.StartsWith("func[1] large: optimising it: more than 10 ms of processor time", reason, StringComparison.Ordinal);
            Assert.Equal(("baseline", reason), (code.Tier(), code.GetProperty("optimization").GetProperty("reason").GetString()));
            Assert.Equal("[42]", (await tenant.InvokeAsync("m", "f", Call)).Body.Results());
            await MetricAsync(host, "hostservice_trials_total", "outcome=\"exceeded\"");
            await MetricAsync(host, "hostservice_optimization_refused", "");
            await MetricAsync(host, "hostservice_optimization_duration_seconds_count", "outcome=\"failed\"");
        }

        // The verdict was kept with the code: it is known without another trial.
        await using var second = await StartAsync(s_short);
        using var client = second.Client(key);
        using var content = new StringContent(Call, null, "application/json");
        using var response = await client.PostAsync("/v1/modules/m/functions/f/invoke", content);
        var loaded = await client.CodeAsync("m", code => code.Origin() == "artifact");
        Assert.Equal(("baseline", "exceeded", reason), (loaded.Tier(), Outcome(loaded), loaded.GetProperty("trial").GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Upload_BreaksTheLimitsAsBaselineCode_IsRefusedByName()
    {
        await using var host = await StartAsync(s_short);
        var tenant = await host.NewTenantAsync();

        using var response = await tenant.PutAsync("m", Wat.Binary(s_toCompileAtAll));

        var problem = await response.ProblemAsync(422, "unsupported-module");
        Assert.Contains("func[1] huge: compiling it, even without optimisation: more than 10 ms of processor time", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await tenant.UploadAsync("m", Wat.Add);
        Assert.Equal("[42]", (await tenant.InvokeAsync("m", "add", """{"args":[40,2]}""")).Body.Results());
    }

    [Fact]
    public async Task Upload_TrialsSwitchedOff_IsOptimizedWithout()
    {
        await using var host = await StartAsync(s_short, ("TrialCompilations", "false"));
        var tenant = await host.NewTenantAsync();
        await tenant.UploadAsync("m", s_toOptimize);
        var code = await tenant.Invoker.CodeAsync("m", code => code.Tier() == "optimized");

        Assert.Equal(JsonValueKind.Null, code.GetProperty("trial").ValueKind);
    }

    private static string? Outcome(JsonElement code) => code.GetProperty("trial") is { ValueKind: JsonValueKind.Object } trial ? trial.GetProperty("outcome").GetString() : null;

    private static string State(JsonElement code) => code.GetProperty("optimization").GetProperty("state").GetString()!;

    private static string Repeat(int count, string piece) => new StringBuilder(count * (piece.Length + 1)).Insert(0, piece + " ", count).ToString();

    private static async Task MetricAsync(RunningHost host, string name, string label)
    {
        using var client = host.Anonymous();
        await ModuleCode.UntilAsync(
            async () => (await client.GetStringAsync("/metrics")).Split('\n')
                .Any(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)),
            () => $"{name} has {label}");
    }

    private async Task<RunningHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var host = new RunningHost(settings.ToDictionary(setting => $"HostService:Engine:{setting.Name}", setting => (string?)setting.Value), _data);
        await host.InitializeAsync();
        return host;
    }
}
