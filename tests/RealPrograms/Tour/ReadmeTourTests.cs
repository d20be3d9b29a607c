using System.Text;
using HostService.Support;
using Xunit;

namespace HostService.RealPrograms.Tour;

/// <summary>The README's tour, typed as it stands into a shell beside a service that has just been started for the first time.</summary>
public class ReadmeTourTests
{
    private const string Heading = "## A tour in five minutes";
    private const string Mark = "@@@end of command ";

    [Fact]
    public async Task Tour_EveryCommand_PrintsWhatTheReadmeShows()
    {
        var steps = TourStep.Parse(await File.ReadAllTextAsync(Repository.PathOf("README.md")), Heading);
        Assert.NotEmpty(steps);
        // The README's reader has set no key: the service makes one at its first start and the tour says where it is. The reader waits
        // ten seconds for the function that never returns; one will do here.
        await using var service = await ServiceProcess.StartAsync(new ServiceOptions
        {
            GenerateOperatorKey = true,
            Environment = new Dictionary<string, string> { ["HostService__Limits__CpuMilliseconds"] = "1000" },
        });

        var outputs = await TypeAsync(steps, service);

        Assert.All(steps.Zip(outputs), pair => Assert.Equal(
            $"$ {pair.First.Command}\n{TourOutput.Normalize(pair.First.Output)}",
            $"$ {pair.First.Command}\n{TourOutput.Normalize(pair.Second)}"));
    }

    [Fact]
    public void Parse_ConsoleBlocksUnderTheHeading_GivesCommandsAndOutputs()
    {
        const string Readme = "# x\n```console\n$ not this\n```\n## A tour\ntext\n```sh\n$ nor this\n```\n```console\n$ a \\\n  b\none\ntwo\n$ c\n```\n## Next\n```console\n$ nor that\n```\n";

        var steps = TourStep.Parse(Readme, "## A tour");

        Assert.Equal([new TourStep("a \\\n  b", "one\ntwo\n"), new TourStep("c", "")], steps);
    }

    /// <summary>Runs all commands in one shell, as a reader does, so that a variable set by one is there for the next.</summary>
    private static async Task<string[]> TypeAsync(IReadOnlyList<TourStep> steps, ServiceProcess service)
    {
        var script = new StringBuilder("exec 2>&1\n");
        foreach (var step in steps)
        {
            script.Append(Here(step.Command, service)).Append($"\necho; echo '{Mark}'\n");
        }

        var shell = await Command.RunAsync("bash", ["-c", script.ToString()], TimeSpan.FromMinutes(4));
        var outputs = shell.Successful().Output.Split(Mark);
        return [.. outputs.Take(steps.Count).Select(output => There(output, service))];
    }

    // Only the address and the place of the data directory differ from what the reader has.
    private static string Here(string command, ServiceProcess service) => command
        .Replace("localhost:8080", service.Address.Authority, StringComparison.Ordinal)
        .Replace("src/Host.Api/data", service.DataDirectory, StringComparison.Ordinal);

    private static string There(string output, ServiceProcess service) => output
        .Replace(service.Address.Authority, "localhost:8080", StringComparison.Ordinal)
        .Replace(service.DataDirectory, "src/Host.Api/data", StringComparison.Ordinal);
}
