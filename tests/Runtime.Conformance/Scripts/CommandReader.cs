using System.Collections.Immutable;
using System.Text.Json;
using HostService.Runtime.Conformance.Values;

namespace HostService.Runtime.Conformance.Scripts;

/// <summary>Reads commands from JSON. What can't be read becomes a command with a <see cref="Command.Problem"/>.</summary>
/// <param name="folder">What the file names are relative to.</param>
internal sealed class CommandReader(string folder)
{
    public ImmutableArray<Command> ReadAll(JsonElement commands) => [.. commands.EnumerateArray().Select(Read)];

    public Command Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new Command("?", 0) { Problem = $"no command: {json.GetRawText()}" };
        }

        var command = new Command(
            Text(json, "type") ?? "?", json.TryGetProperty("line", out var line) && line.TryGetInt32(out var number) ? number : 0);
        try
        {
            return command with
            {
                Name = Text(json, "name"),
                As = Text(json, "as"),
                Instance = Text(json, "instance"),
                Module = Text(json, "module"),
                Text = Text(json, "text"),
                Thread = Text(json, "thread"),
                SharedModule = Text(json, "shared_module"),
                File = ReadFile(json),
                Action = json.TryGetProperty("action", out var action) ? ReadAction(action) : null,
                Expected = json.TryGetProperty("expected", out var expected) ? ValueReader.ReadAll(expected) : [],
                Commands = json.TryGetProperty("commands", out var commands) ? ReadAll(commands) : [],
            };
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return command with { Problem = $"can't be read: {e.Message}" };
        }
    }

    private static ScriptAction ReadAction(JsonElement json) => Text(json, "type") switch
    {
        "invoke" => new ScriptAction(true, Text(json, "module"), Field(json), ValueReader.ReadAll(json.GetProperty("args"))),
        "get" => new ScriptAction(false, Text(json, "module"), Field(json), []),
        var other => throw new FormatException($"an action \"{other}\" is unknown"),
    };

    private static string Field(JsonElement json) => Text(json, "field") ?? throw new FormatException("an action without \"field\"");

    private static string? Text(JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    private ModuleFile? ReadFile(JsonElement json)
    {
        if ((Text(json, "binary_filename") ?? Text(json, "filename")) is not { } name)
        {
            return null;
        }

        return new ModuleFile(Path.Combine(folder, name), name.EndsWith(".wat", StringComparison.Ordinal));
    }
}
