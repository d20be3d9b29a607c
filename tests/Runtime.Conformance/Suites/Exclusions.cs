using System.Collections.Immutable;

namespace HostService.Runtime.Conformance.Suites;

/// <summary>The scripts that the tests only validate, from <c>exclusions.txt</c>.</summary>
internal static class Exclusions
{
    private static readonly char[] s_blanks = [' ', '\t'];

    public static ImmutableArray<Exclusion> All { get; } = Parse(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "exclusions.txt")));

    public static Exclusion? For(ManifestEntry script) => All.FirstOrDefault(exclusion => exclusion.Covers(script));

    /// <exception cref="FormatException">A line names no list, or gives no reason.</exception>
    public static ImmutableArray<Exclusion> Parse(IEnumerable<string> lines)
    {
        var found = ImmutableArray.CreateBuilder<Exclusion>();
        string? list = null;
        foreach (var line in lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line is "[debt]" or "[cannot]")
            {
                list = line[1..^1];
                continue;
            }

            var parts = line.Split(s_blanks, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var rule = parts[0].Split(':');
            if (list is null || parts.Length < 2 || rule is not [("group" or "feature" or "script"), { Length: > 0 }])
            {
                throw new FormatException($"exclusions.txt: not \"group|feature|script:NAME reason\" in a list: {line}");
            }

            found.Add(new Exclusion(list, rule[0], rule[1], parts[1]));
        }

        return found.ToImmutable();
    }
}

/// <summary>One line of <c>exclusions.txt</c>.</summary>
/// <param name="List">"debt" for what is to be done, "cannot" for what never will.</param>
/// <param name="Kind">"group", "feature" or "script".</param>
/// <param name="Name">Of the group, feature or script.</param>
/// <param name="Reason">Why.</param>
internal sealed record Exclusion(string List, string Kind, string Name, string Reason)
{
    public bool Covers(ManifestEntry script) => Kind switch
    {
        "group" => script.Group == Name,
        "feature" => script.Features.Contains(Name),
        _ => script.Name == Name,
    };

    public override string ToString() => $"{Kind}:{Name}";
}
