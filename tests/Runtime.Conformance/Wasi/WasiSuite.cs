using HostService.Runtime.Conformance.Suites;
using Xunit;

namespace HostService.Runtime.Conformance.Wasi;

/// <summary>The WASI preview 1 suite: one test for each program, on a directory in memory and on one of the host.</summary>
public sealed class WasiSuite
{
    public static TheoryData<string> Programs => [.. WasiTest.All.Keys];

    public static TheoryData<string> ProgramsWithRoot => [.. WasiTest.All.Values.Where(test => test.Root is not null).Select(test => test.Name)];

    [Fact]
    public void Suite_IsThere_Whole() => Assert.True(
        WasiTest.All.Count == 72, $"Expected the 72 programs of wasi-p1 in {SuiteFolder.Root}, found {WasiTest.All.Count}. Set WASM_SUITES to the folder that holds the suites.");

    [Theory]
    [MemberData(nameof(Programs))]
    public void Program_OnVirtualFiles_DoesAsItMust(string name)
    {
        var test = WasiTest.All[name];

        Check(test, test.Root is null ? WasiRun.Of(test) : WasiRun.Of(test, TestFolder.Virtual(test.Root)));
    }

    [Theory]
    [MemberData(nameof(ProgramsWithRoot))]
    public void Program_OnFilesOfTheHost_DoesAsItMust(string name)
    {
        var test = WasiTest.All[name];
        var copy = Directory.CreateTempSubdirectory("hostservice-wasi-suite-");
        try
        {
            Check(test, WasiRun.Of(test, TestFolder.Host(test.Root!, copy.FullName)));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static void Check(WasiTest test, WasiRun run)
    {
        Assert.True(run.ExitCode == test.ExitCode, $"Exit code {run.ExitCode}, expected {test.ExitCode}. It wrote:\n{run.Output}{run.Error}");
        Assert.Equal(test.Output ?? run.Output, run.Output);
        Assert.Equal(test.Error ?? run.Error, run.Error);
    }
}
