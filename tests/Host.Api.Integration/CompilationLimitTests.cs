using Xunit;

namespace HostService.Host.Integration;

/// <summary>Compiling is bounded: a module that takes too long is refused, and the service is free for others.</summary>
public sealed class CompilationLimitTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-compile-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Upload_ThatTakesTooLongToCompile_Answers422NamingTheLimit()
    {
        // With time for the sample of a first start.
        await using (var first = new RunningHost(new Dictionary<string, string?>(), _data))
        {
            await first.InitializeAsync();
        }

        await using var hasty = new RunningHost(new Dictionary<string, string?> { ["HostService:Limits:CompileMilliseconds"] = "1" }, _data);
        await hasty.InitializeAsync();
        var tenant = await hasty.NewTenantAsync();
        var functions = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"(func (param i32) (result i32) (i32.mul (i32.add (local.get 0) (i32.const {i})) (local.get 0)))"));
        using var response = await tenant.PutAsync("slow", Wat.Binary($"(module {functions})"));

        var problem = await response.ProblemAsync(422, "unsupported-module");
        Assert.Contains("longer than 1 ms (HostService__Limits__CompileMilliseconds)", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var absent = await tenant.Invoker.GetAsync("/v1/modules/slow");
        await absent.ProblemAsync(404, "module-not-found");
        await Scrape.UntilAsync(hasty, metrics => metrics.Sum("hostservice_compilation_duration_seconds_count", "outcome=\"timeout\"") == 1);
    }
}
