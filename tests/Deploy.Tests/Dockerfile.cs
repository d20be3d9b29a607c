using System.Text.RegularExpressions;
using HostService.Support;

namespace HostService.Deploy.Tests;

/// <summary>The Dockerfile's instructions, as far as these tests ask for them.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Name, string Arguments)> instructions) => Instructions = instructions;

    public IReadOnlyList<(string Name, string Arguments)> Instructions { get; }

    /// <summary>The instructions of the last stage, which is the image.</summary>
    public IEnumerable<(string Name, string Arguments)> FinalStage =>
        Instructions.Skip(Instructions.Select((instruction, at) => instruction.Name == "FROM" ? at : 0).Max());

    /// <summary>The variables that the image sets.</summary>
    public IReadOnlyDictionary<string, string> Environment => FinalStage
        .Where(instruction => instruction.Name == "ENV")
        .SelectMany(instruction => PairPattern().Matches(instruction.Arguments))
        .ToDictionary(pair => pair.Groups["name"].Value, pair => pair.Groups["value"].Value);

    public static Dockerfile Load()
    {
        var text = File.ReadAllText(Repository.PathOf("Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal);
        return new([.. text.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .Select(parts => (parts[0], parts[1]))]);
    }

    /// <summary>The arguments of the only instruction of that name in the final stage.</summary>
    public string Single(string name) => FinalStage.Single(instruction => instruction.Name == name).Arguments;

    /// <summary>The words of an instruction in exec form: <c>["dotnet", "x.dll"]</c>.</summary>
    public string[] ExecForm(string name)
    {
        var arguments = Single(name);
        return System.Text.Json.JsonSerializer.Deserialize<string[]>(arguments[arguments.IndexOf('[', StringComparison.Ordinal)..])!;
    }

    [GeneratedRegex(@"(?<name>\w+)=(?<value>\S+)")]
    private static partial Regex PairPattern();
}
