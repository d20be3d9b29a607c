using System.Diagnostics;
using System.Text.RegularExpressions;

namespace HostService.Runtime.Golden;

/// <summary>What RyuJIT makes of a module's functions, listed by RyuJIT itself in a process of its own.</summary>
internal static partial class MachineCode
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>The names of the instructions of each function, in order, without those that only move values.</summary>
    /// <param name="text">The module in text form. Its functions must be fewer than a type of the image holds.</param>
    public static async Task<IReadOnlyList<string[]>> ListAsync(string text)
    {
        var folder = Directory.CreateTempSubdirectory("hostservice-machine-code-");
        try
        {
            var (module, listing) = (Path.Combine(folder.FullName, "module.wasm"), Path.Combine(folder.FullName, "listing.txt"));
            await File.WriteAllBytesAsync(module, Wasmtime.Module.ConvertText(text));
            await CompileAsync(module, listing);
            var functions = (await File.ReadAllTextAsync(listing)).Split("; Assembly listing for method F0:").Skip(1);
            return [.. functions.Order(StringComparer.Ordinal).Select(function => InstructionNames().Matches(function).Select(name => name.Groups[1].Value).Where(Computes).ToArray())];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CompileAsync(string module, string listing)
    {
        // The tests run under the same dotnet, or under a host of its own that stands beside it.
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(MachineCode).Assembly.Location, module]) { RedirectStandardError = true };
        start.Environment["DOTNET_JitDisasm"] = "F0:*";
        start.Environment["DOTNET_JitStdOutFile"] = listing;

        // What most machines have: with AVX-512 RyuJIT finds shorter forms still.
        start.Environment["DOTNET_EnableAVX512"] = "0";
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"The compiling process ended with {process.ExitCode}: {error}");
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static bool Computes(string name) => name != "ret" && !name.StartsWith("mov", StringComparison.Ordinal);

    // With AVX an instruction's name begins with a v, and with three operands where without it a move goes ahead.
    [GeneratedRegex(@"^ {7}v?([a-z]\w*)", RegexOptions.Multiline)]
    private static partial Regex InstructionNames();
}
