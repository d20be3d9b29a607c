using System.Collections.Immutable;
using System.Text.Json;

namespace HostService.Runtime.Conformance.Scripts;

/// <summary>A script: commands that run one after another against one store.</summary>
/// <param name="Name">Its path from the folder that was asked for, with forward slashes.</param>
/// <param name="Commands">The commands.</param>
internal sealed record Script(string Name, ImmutableArray<Command> Commands)
{
    /// <summary>The script in a file, or all scripts of a folder and the folders in it, by name. Other JSON files, such as manifests, are passed over.</summary>
    public static IEnumerable<Script> FindAll(string path)
    {
        if (File.Exists(path))
        {
            return TryLoad(Path.GetDirectoryName(path)!, path) is { } script ? [script] : [];
        }

        var files = Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return files.Select(file => TryLoad(path, file)).OfType<Script>();
    }

    /// <summary>Loads a script, or gives null when the file is none.</summary>
    public static Script? TryLoad(string folder, string file)
    {
        var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = 512 });
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("commands", out var commands) && commands.ValueKind == JsonValueKind.Array
                ? new Script(name, new CommandReader(Path.GetDirectoryName(file)!).ReadAll(commands))
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return new Script(name, [new Command("?", 0) { Problem = $"the file can't be read: {e.Message}" }]);
        }
    }
}
