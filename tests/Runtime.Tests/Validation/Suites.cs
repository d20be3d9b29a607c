using System.Text.Json;

namespace HostService.Runtime.Tests.Validation;

/// <summary>The conformance suites, as far as they concern decoding and validation.</summary>
internal static class Suites
{
    /// <summary>One module of a script, and what must come of it.</summary>
    /// <param name="Line">The line of the script.</param>
    /// <param name="Command">The command that names it.</param>
    /// <param name="File">Its binary.</param>
    /// <param name="Text">What an assertion says is wrong with it.</param>
    public sealed record Case(int Line, string Command, string File, string Text);

    private static readonly string s_root = Find();

    /// <summary>The scripts of a suite, as paths relative to the folder of all suites.</summary>
    public static IEnumerable<string> Scripts(string suite) => Directory
        .EnumerateFiles(Path.Combine(s_root, suite), "*.json", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) != "manifest.json")
        .Select(path => Path.GetRelativePath(s_root, path))
        .Order(StringComparer.Ordinal);

    /// <summary>The modules of a script. Text that has no binary is left out.</summary>
    public static IEnumerable<Case> Cases(string script)
    {
        var path = Path.Combine(s_root, script);
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. Cases(json.RootElement.GetProperty("commands"), Path.GetDirectoryName(path)!)];
    }

    private static IEnumerable<Case> Cases(JsonElement commands, string folder)
    {
        foreach (var command in commands.EnumerateArray())
        {
            if (command.TryGetProperty("commands", out var nested))
            {
                foreach (var inner in Cases(nested, folder))
                {
                    yield return inner;
                }
            }

            var file = Text(command, "binary_filename") ?? Text(command, "filename");
            if (file?.EndsWith(".wasm", StringComparison.Ordinal) == true)
            {
                yield return new Case(command.GetProperty("line").GetInt32(), Text(command, "type")!, Path.Combine(folder, file), Text(command, "text") ?? "");
            }
        }
    }

    private static string? Text(JsonElement command, string name) => command.TryGetProperty(name, out var value) ? value.GetString() : null;

    // The folder that WASM_SUITES names, else shared/suites beside the repository.
    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("WASM_SUITES") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "suites");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("The conformance suites are neither where WASM_SUITES says nor in shared/suites beside the repository.");
    }
}
