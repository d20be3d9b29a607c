using System.Diagnostics;
using System.Runtime.InteropServices;
using HostService.Runtime.Conformance.Suites;
using Xunit;

namespace HostService.Runtime.Conformance;

/// <summary>The scripts of vector instructions on a machine that has no AVX, or no vectors that RyuJIT knows: a process of its own in which RyuJIT may not use them.</summary>
public sealed class OlderMachineTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData("simd", "EnableAVX", "128 bits")]
    [InlineData("relaxed", "EnableAVX", "128 bits")]
    [InlineData("simd", "EnableHWIntrinsic", "none")]
    [InlineData("relaxed", "EnableHWIntrinsic", "none")]
    public async Task VectorScripts_WithoutVectorInstructions_Pass(string part, string missing, string vectors)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        var (exitCode, output) = await RunAsync(missing, ["--only", part]);

        Assert.StartsWith($"X64, vectors: {vectors}{Environment.NewLine}", output, StringComparison.Ordinal);
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("total of 0 scripts", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string missing, string[] options)
    {
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(OlderMachineTests).Assembly.Location, SuiteFolder.Core, .. options]) { RedirectStandardOutput = true };
        start.Environment[$"DOTNET_{missing}"] = "0";
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
