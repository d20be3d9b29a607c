using System.Diagnostics;
using System.Text.Json;
using HostService.Runtime.Benchmarks.Peers;

namespace HostService.Runtime.Benchmarks.Programs;

/// <summary><c>program NAME ours|prepared|optimized|wasmtime</c>: measures one program in this process and prints what came of it, for the process that asked.</summary>
/// <remarks>A process of its own, so that code is cold and memory is the program's.</remarks>
internal static class ProgramCommand
{
    private const string Ours = "ours";
    private const string Prepared = "prepared";
    private const string Optimized = "optimized";
    private const string Wasmtime = "wasmtime";

    public static int Run(Options options)
    {
        if (options.Positional is not [_, var name, Ours or Prepared or Optimized or Wasmtime] || GuestProgram.All.FirstOrDefault(program => program.Name == name) is not { } program)
        {
            return Options.Usage();
        }

        var times = options.Positional[2] switch
        {
            Ours => OurProgram.Measure(program),
            Prepared => OurProgram.MeasurePrepared(program),
            Optimized => OurProgram.MeasureOptimized(program),
            _ => WasmtimeProgram.Measure(program),
        };
        Console.WriteLine(JsonSerializer.Serialize(times));
        return 0;
    }

    /// <summary>Measures on the engine of this repository, in a process of its own; the code of every function, and what a rehearsal gains, in others.</summary>
    public static ProgramTimes MeasureOurs(GuestProgram program)
    {
        var times = Measure(program, Ours);
        times.Optimized = Measure(program, Optimized).Optimized;
        if (program.Rehearsal is not null)
        {
            var prepared = Measure(program, Prepared);
            (times.Prepared, times.PreparedFirst) = (prepared.Prepared, prepared.PreparedFirst);
        }

        return times;
    }

    /// <summary>Measures on Wasmtime, in a process of its own.</summary>
    public static ProgramTimes MeasureWasmtime(GuestProgram program) => Measure(program, Wasmtime);

    private static ProgramTimes Measure(GuestProgram program, string side)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Arguments(program, side))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<ProgramTimes>(output)!
            : throw new PeerException($"{program.Name} on {side} ended with {process.ExitCode}: {error.Result.Split('\n')[0]}");
    }

    // Run as `dotnet Runtime.Benchmarks.dll`, the process is dotnet and needs to be told the assembly.
    private static string[] Arguments(GuestProgram program, string side) =>
        [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : Array.Empty<string>(), "program", program.Name, side];
}
