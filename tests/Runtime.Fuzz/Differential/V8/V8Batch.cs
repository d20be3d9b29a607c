using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using HostService.Runtime.Fuzz.Generation;
using HostService.Support;

namespace HostService.Runtime.Fuzz.Differential.V8;

/// <summary>What is to be called in a module, in order, and which globals there are to look at afterwards.</summary>
internal sealed record V8Module(byte[] Binary, ImmutableArray<V8Call> Calls, ImmutableDictionary<string, string> Globals);

/// <summary>A call of an exported function; numbers are <c>type:bits</c>.</summary>
internal sealed record V8Call(string Name, ImmutableArray<string> Arguments, ImmutableArray<string> Results);

/// <summary>How a call ended in V8.</summary>
internal sealed record V8Outcome(string? Trap, ImmutableArray<string> Results, ImmutableArray<string> Observed);

/// <summary>What came of a module in V8: of its calls, the globals and the SHA-256 of each memory.</summary>
internal sealed record V8Result(ImmutableArray<V8Outcome> Calls, ImmutableDictionary<string, string> Globals, ImmutableDictionary<string, string> Memories);

/// <summary>Runs many modules in one process of Node, whose start takes longer than most of them.</summary>
internal static class V8Batch
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>Whether there is a <c>node</c> to run them with.</summary>
    public static bool IsThere { get; } = CanStart();

    /// <summary>What comes of each module, in order.</summary>
    /// <exception cref="InvalidOperationException">Node ended before the last: its error says why.</exception>
    public static IReadOnlyList<V8Result> Run(IReadOnlyList<V8Module> modules)
    {
        var start = new ProcessStartInfo("node", [Repository.PathOf("tests", "Runtime.Fuzz", "Differential", "V8", "run.mjs")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        var error = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEndAsync();
        JsonSerializer.Serialize(
            node.StandardInput.BaseStream,
            new { ModuleShape.Fuel, HostObserve.MaxDepth, Thrown = HostObserve.Thrown.ToString(null as IFormatProvider), TooDeep = HostObserve.TooDeep.ToString(null as IFormatProvider), Modules = modules },
            s_json);
        node.StandardInput.Close();
        var lines = output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        node.WaitForExit();
        return lines.Length == modules.Count
            ? [.. lines.Select(line => JsonSerializer.Deserialize<V8Result>(line, s_json)!)]
            : throw new InvalidOperationException($"Node ended with {node.ExitCode} after {lines.Length} of {modules.Count} modules: {error.GetAwaiter().GetResult()}");
    }

    private static bool CanStart()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            node.WaitForExit();
            return node.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
