using System.Diagnostics;
using System.Text.Json;
using HostService.Support;
using Xunit;

namespace HostService.RealPrograms;

/// <summary>A large program is compiled once: after a crash of the service it is loaded from what was stored, and does the same.</summary>
public sealed class StoredCodeTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _data = Directory.CreateTempSubdirectory("hostservice-stored-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Esbuild_AfterTheServiceWasKilled_IsLoadedAndMinifies()
    {
        string before;
        await using (var first = await StartAsync())
        {
            await first.Operator.UploadAsync("esbuild", Programs.Esbuild());
            before = await MinifyAsync(first);
            Assert.Equal("compilation", (await CodeAsync(first, code => code.GetProperty("artifactBytes").ValueKind == JsonValueKind.Number)).GetProperty("origin").GetString());
        }

        // Disposing killed it.
        await using var second = await StartAsync();
        var after = await MinifyAsync(second);

        Assert.Equal("const greet=t=>`Hello, ${t}!`;\n", before);
        Assert.Equal(before, after);
        Assert.Equal("artifact", (await CodeAsync(second, _ => true)).GetProperty("origin").GetString());
    }

    // On one code, since what is stored is the same for both: this is not about the background.
    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync(new ServiceOptions
    {
        DataDirectory = _data,
        Environment = new Dictionary<string, string> { ["HostService__Engine__Compilation"] = "Baseline" },
    });

    private static async Task<string> MinifyAsync(ServiceProcess service)
    {
        var answer = await service.Operator.InvokeAsync(
            "esbuild", "_start", new { args = new[] { "--loader=ts", "--minify" }, stdin = "const greet = (name: string): string => `Hello, ${name}!`;" });
        return answer.GetProperty("stdout").GetString()!;
    }

    private static async Task<JsonElement> CodeAsync(ServiceProcess service, Func<JsonElement, bool> wanted)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            var details = JsonSerializer.Deserialize<JsonElement>(await service.Operator.Http.GetStringAsync("/v1/modules/esbuild"));
            var code = details.GetProperty("code");
            if (wanted(code))
            {
                return code;
            }

            Assert.True(clock.Elapsed < s_patience, code.GetRawText());
        }
    }
}
