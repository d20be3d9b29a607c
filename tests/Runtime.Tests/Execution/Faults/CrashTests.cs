using System.Diagnostics;
using Xunit;

namespace HostService.Runtime.Tests.Execution.Faults;

/// <summary>What must stay a crash stays one, with the handler in front of the CLR's; and what needs a process to itself.</summary>
public sealed class CrashTests
{
    private const int Aborted = 128 + 6;

    [LinuxX64Fact]
    public async Task Process_FaultsInOurRanges_LivesOn() =>
        Assert.Equal(CrashingProgram.CaughtExitCode, (await RunAsync(CrashingProgram.CatchesFaults)).ExitCode);

    [LinuxX64Fact]
    public async Task Process_FaultsDuringCollectionsBehindAForeignHandler_LivesOn() =>
        Assert.Equal(CrashingProgram.CaughtExitCode, (await RunAsync(CrashingProgram.FaultsDuringCollections)).ExitCode);

    [LinuxX64Fact]
    public async Task Process_TouchesAPageThatIsNotOurs_DiesAsItWould()
    {
        (int exitCode, string error) = await RunAsync(CrashingProgram.TouchesForeignPage);

        Assert.Equal(Aborted, exitCode);
        Assert.Contains("AccessViolationException", error, StringComparison.Ordinal);
    }

    [LinuxX64Fact]
    public async Task Process_OverflowsItsStack_DiesAsItWould()
    {
        (int exitCode, string error) = await RunAsync(CrashingProgram.OverflowsStack);

        Assert.Equal(Aborted, exitCode);
        Assert.Contains("Stack overflow", error, StringComparison.Ordinal);
    }

    [LinuxX64Fact]
    public async Task Process_DropsPoolsWithoutDisposingThem_GetsTheirAddressSpaceBack() =>
        Assert.Equal(CrashingProgram.NeverExhaustedExitCode, (await RunAsync(CrashingProgram.DropsPools)).ExitCode);

    private static async Task<(int ExitCode, string Error)> RunAsync(string scenario)
    {
        // The tests run under the same dotnet, or under a host of its own that stands beside it.
        string host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(CrashingProgram).Assembly.Location, scenario]) { RedirectStandardError = true };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        string error = await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, error);
    }
}
