using System.Text;
using HostService.Runtime;
using HostService.Runtime.Wasi.Preview1;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>Where no child process can be started, a module that must be tried in one is not compiled, and whoever uploads it is told why.</summary>
public class TrialUnavailableTests
{
    [Fact]
    public async Task Upload_OfAModuleThatMustBeTried_IsToldThatItCannotBeNow()
    {
        await using var host = new HostWithoutChildren();
        await host.InitializeAsync();
        var tenant = await host.NewTenantAsync();
        // Beyond what is compiled without a trial even as baseline code: 75,000 passed arguments.
        var many = $"(module (func $many (result {Repeat(1_000, "i64")}) {Repeat(1_000, "i64.const 1")}) (func (export \"g\") {Repeat(150, $"call $many {Repeat(1_000, "drop")}")}))";

        using var response = await tenant.PutAsync("m", Wat.Binary(many));

        var problem = await response.ProblemAsync(503, "compilation-unavailable");
        Assert.DoesNotContain("/nowhere", problem.GetRawText(), StringComparison.Ordinal);
        await host.Log.WaitForAsync(entry => entry.Exception?.Message.Contains("/nowhere", StringComparison.Ordinal) == true);
        using var absent = await tenant.Deployer.GetAsync("/v1/modules/m");
        await absent.ProblemAsync(404, "module-not-found");
        await tenant.UploadAsync("m", Wat.Add);
        Assert.Equal("[42]", (await tenant.InvokeAsync("m", "add", """{"args":[40,2]}""")).Body.Results());
    }

    private static string Repeat(int count, string piece) => new StringBuilder(count * (piece.Length + 1)).Insert(0, piece + " ", count).ToString();

    private sealed class HostWithoutChildren : RunningHost
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton(_ => new Engine(new EngineOptions
            {
                HostFunctions = WasiPreview1.HostFunctions,
                Compilation = CompilationStrategy.Tiered,
                Trial = new CompilationTrialOptions { Command = ["/nowhere/dotnet"] },
            })));
        }
    }
}
