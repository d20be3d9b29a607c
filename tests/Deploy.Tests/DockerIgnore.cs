using System.Text.RegularExpressions;
using HostService.Support;

namespace HostService.Deploy.Tests;

/// <summary>Which files of the repository reach the image's builder: <c>.dockerignore</c>, where the last line that matches decides.</summary>
internal sealed class DockerIgnore
{
    private readonly List<(Regex Pattern, bool Ignores)> _rules;

    private DockerIgnore(IEnumerable<string> lines) => _rules = [.. lines
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => (ToRegex(line.TrimStart('!')), line[0] != '!'))];

    public static DockerIgnore Load() => Parse(File.ReadAllLines(Repository.PathOf(".dockerignore")));

    public static DockerIgnore Parse(params string[] lines) => new(lines);

    /// <summary>Whether a file is left out. A rule that matches a folder holds for everything in it.</summary>
    /// <param name="path">Relative to the root, with slashes.</param>
    public bool Ignores(string path)
    {
        var ignored = false;
        foreach (var (pattern, ignores) in _rules)
        {
            if (pattern.IsMatch(path))
            {
                ignored = ignores;
            }
        }

        return ignored;
    }

    // ** stands for any number of folders, * for any part of one name.
    private static Regex ToRegex(string pattern) => new(
        "^" + Regex.Escape(pattern).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "(/.*)?$",
        RegexOptions.CultureInvariant);
}
