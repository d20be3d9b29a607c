using System.Collections.Immutable;
using System.Text.Json;
using HostService.Runtime.Conformance.Suites;

namespace HostService.Runtime.Conformance.Wasi;

/// <summary>One program of the WASI suite: how it is run and what it must do.</summary>
/// <param name="Name">Its suite and its name.</param>
/// <param name="Program">Its binary.</param>
/// <param name="Arguments">The arguments after the program's name.</param>
/// <param name="Environment">The whole environment.</param>
/// <param name="Root">The folder that a copy of is to be its <c>/</c>, or null for none.</param>
/// <param name="ExitCode">The exit code it must have.</param>
/// <param name="Output">What it must write, or null when that isn't checked.</param>
/// <param name="Error">What it must write to standard error, or null.</param>
internal sealed record WasiTest(
    string Name, string Program, ImmutableArray<string> Arguments, ImmutableArray<KeyValuePair<string, string>> Environment, string? Root,
    int ExitCode, string? Output, string? Error)
{
    /// <summary>wasi-threads is a proposal of its own, which starts threads in a Store. A Store of this engine has one at a time.</summary>
    private const string OutOfScope = "wasi-threads";

    private static string Folder => Path.Combine(SuiteFolder.Root, "wasi-p1");

    /// <summary>The suite's tests by name; none when the suite isn't there.</summary>
    public static ImmutableSortedDictionary<string, WasiTest> All { get; } = Read();

    private static ImmutableSortedDictionary<string, WasiTest> Read()
    {
        var manifest = Path.Combine(Folder, "manifest.json");
        if (!File.Exists(manifest))
        {
            return ImmutableSortedDictionary<string, WasiTest>.Empty;
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return json.RootElement.GetProperty("tests").EnumerateArray()
            .Where(test => Text(test, "suite") != OutOfScope)
            .Select(Read)
            .ToImmutableSortedDictionary(test => test.Name, test => test);
    }

    private static WasiTest Read(JsonElement test) => new(
        $"{Text(test, "suite")}/{Text(test, "name")}",
        Path.Combine(Folder, Text(test, "wasm")!),
        [.. test.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!)],
        [.. test.GetProperty("env").EnumerateObject().Select(variable => KeyValuePair.Create(variable.Name, variable.Value.GetString()!))],
        Text(test, "root") is { } root ? Path.Combine(Folder, Text(test, "dir")!, root) : null,
        test.GetProperty("exit_code").GetInt32(),
        Text(test, "stdout"),
        Text(test, "stderr"));

    private static string? Text(JsonElement test, string name) => test.GetProperty(name).GetString();
}
