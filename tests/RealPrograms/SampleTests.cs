using System.Text;
using System.Text.Json;
using HostService.Support;
using Xunit;

namespace HostService.RealPrograms;

/// <summary>The samples, built anew from their sources, do what the committed binaries do.</summary>
[Collection(RunningServiceCollection.Name)]
public sealed class SampleTests(RunningService service) : IDisposable
{
    private static readonly TimeSpan s_buildTimeout = TimeSpan.FromMinutes(2);

    private readonly string _output = Directory.CreateTempSubdirectory("hostservice-samples-").FullName;

    public void Dispose() => Directory.Delete(_output, recursive: true);

    [Fact]
    public Task Hello_Rebuilt_GreetsAsTheCommittedOne() =>
        AssertSameBehaviourAsync("hello", BuildCAsync, async name => await service.Client.Http.GetStringAsync($"/f/default/{name}/world"), "Hello, world!\n");

    [Fact]
    public Task Echo_Rebuilt_AnswersTheBodyAsTheCommittedOne()
    {
        // Longer than the program's buffer, and not text.
        var body = new byte[200_000];
        new Random(1).NextBytes(body);
        return AssertSameBehaviourAsync("echo", BuildCAsync, EchoAsync, Convert.ToBase64String(body));

        async Task<string> EchoAsync(string name)
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("image/png") } };
            using var response = await service.Client.Http.PostAsync($"/f/default/{name}", content);
            Assert.Equal("image/png", response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
            return Convert.ToBase64String(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public Task Trap_Rebuilt_PricesAsTheCommittedOne() =>
        AssertSameBehaviourAsync("trap", BuildCAsync, async name => await service.Client.Http.GetStringAsync($"/f/default/{name}?total=91&quantity=7"), "unit price: 13\n");

    [Fact]
    public Task Numeric_Rebuilt_CalculatesAsTheCommittedOne() => AssertSameBehaviourAsync("numeric", BuildCAsync, async name => string.Join(
        ' ',
        await ResultAsync(name, "add", int.MaxValue, 1),
        await ResultAsync(name, "fib", 20),
        await ResultAsync(name, "factorial", 20),
        await ResultAsync(name, "hypotenuse", 3, 4)), """-2147483648 6765 "2432902008176640000" 5""");

    [Fact]
    public Task AssemblyScript_Rebuilt_CalculatesAsTheCommittedOne() => AssertSameBehaviourAsync("assemblyscript", BuildAssemblyScriptAsync, async name => string.Join(
        ' ',
        await ResultAsync(name, "primesBelow", 1_000_000),
        await ResultAsync(name, "mandelbrot", -0.75, 0.1, 1000),
        await ResultAsync(name, "gcd", "9223372036854775806", 6)), """78498 32 "6" """.TrimEnd());

    /// <summary>Uploads the committed and the rebuilt binary, and observes both.</summary>
    private async Task AssertSameBehaviourAsync(string sample, Func<string, Task<string>> build, Func<string, Task<string>> observe, string expected)
    {
        await service.Client.UploadAsync($"{sample}.committed", Programs.Sample(sample));
        await service.Client.UploadAsync($"{sample}.rebuilt", await File.ReadAllBytesAsync(await build(sample)));

        Assert.Equal(expected, await observe($"{sample}.committed"));
        Assert.Equal(expected, await observe($"{sample}.rebuilt"));
    }

    private async Task<string> ResultAsync(string module, string function, params object[] args)
    {
        var answer = await service.Client.InvokeAsync(module, function, new { args });
        return Assert.Single(answer.GetProperty("results").EnumerateArray()).GetRawText();
    }

    private async Task<string> BuildCAsync(string sample)
    {
        var build = await Command.RunAsync("bash", [Repository.PathOf("samples", "build.sh"), "--out", _output, sample], s_buildTimeout);
        build.Successful();
        return Path.Combine(_output, $"{sample}.wasm");
    }

    private async Task<string> BuildAssemblyScriptAsync(string sample)
    {
        // The script of package.json with another output, so that the committed file stays as it is.
        var folder = Repository.PathOf("samples", sample);
        var package = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(folder, "package.json"), Encoding.UTF8));
        var output = Path.Combine(_output, $"{sample}.wasm");
        var script = package.GetProperty("scripts").GetProperty("build").GetString()!.Replace($"{sample}.wasm", output, StringComparison.Ordinal);
        Assert.Contains(output, script, StringComparison.Ordinal);
        var build = await Command.RunAsync("npx", ["--no-install", .. script.Split(' ')], s_buildTimeout, folder);
        build.Successful();
        return output;
    }
}
