using System.Text.RegularExpressions;
using HostService.Support;
using Xunit;

namespace HostService.RealPrograms;

/// <summary>The sample that has the engine as a library.</summary>
public partial class EmbeddingSampleTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Sample_PrintsWhatItsPageShows() => Assert.Equal(await ShownAsync(), await RunAsync());

    [Fact]
    public async Task Sample_WithItsGuestRebuilt_PrintsTheSame()
    {
        var folder = Directory.CreateTempSubdirectory("hostservice-samples-");
        try
        {
            var build = await Command.RunAsync("bash", [Repository.PathOf("samples", "build.sh"), "--out", folder.FullName, "hello", "order"], s_timeout);
            build.Successful();

            Assert.Equal(await ShownAsync(), await RunAsync(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var run = await Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "Embedding.dll"), .. arguments], s_timeout);
        return run.Successful().Output;
    }

    private static async Task<string> ShownAsync() =>
        OutputPattern().Match(await File.ReadAllTextAsync(Repository.PathOf("docs", "embedding.md"))).Groups["output"].Value;

    [GeneratedRegex(@"```text\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex OutputPattern();
}
