using System.Collections.Immutable;
using System.Text.Json;

namespace HostService.Runtime.Conformance.Suites;

/// <summary>What a suite's <c>manifest.json</c> says of its scripts.</summary>
internal static class Manifest
{
    /// <summary>The scripts, by name; none when there is no manifest.</summary>
    public static ImmutableArray<ManifestEntry> Read(string suite)
    {
        var file = Path.Combine(suite, "manifest.json");
        if (!File.Exists(file))
        {
            return [];
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return
        [
            .. from entry in json.RootElement.GetProperty("files").EnumerateArray()
               select new ManifestEntry(
                   entry.GetProperty("name").GetString()!,
                   Path.Combine(suite, entry.GetProperty("json").GetString()!),
                   entry.GetProperty("group").GetString()!,
                   [.. entry.GetProperty("features").EnumerateArray().Select(feature => feature.GetString()!)]),
        ];
    }
}

/// <summary>One script of a suite.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its file.</param>
/// <param name="Group">The folder that it was in; empty for the top.</param>
/// <param name="Features">The proposals that its modules need, in the manifest's words.</param>
internal sealed record ManifestEntry(string Name, string Path, string Group, ImmutableArray<string> Features);
