namespace HostService.Host.Features;

/// <summary>Finds what is set under <c>HostService</c> and is no setting, wherever it was set: a limit that was misspelt would otherwise be none.</summary>
/// <remarks>Sections beside that one belong to the framework, or to whatever else reads the same environment; nothing is said of them.</remarks>
internal static class UnknownSettings
{
    /// <summary>A message for each, which names the setting that was probably meant.</summary>
    /// <param name="configuration">Everything that is set.</param>
    /// <param name="sections">What may be set.</param>
    public static IReadOnlyList<string> In(IConfiguration configuration, IReadOnlyList<SettingsSection> sections)
    {
        var known = sections.SelectMany(section => section.Names.Select(name => $"{section.Path}:{name}")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var inner = sections.Select(section => section.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. Unknown(configuration.GetSection(HostServiceOptions.Section))
                .Order(StringComparer.OrdinalIgnoreCase)
                .Select(path => $"{SettingsSection.Write(path)} is no setting{Instead(path)}."),
        ];

        // What has a value and is no setting, and whatever stands below a setting. Some sources give sections a value too, an empty one.
        IEnumerable<string> Unknown(IConfigurationSection section) => section.GetChildren().SelectMany(child =>
        {
            var isSection = inner.Contains(child.Path) || child.GetChildren().Any();
            var isUnknown = !known.Contains(child.Path) && (isSection ? !string.IsNullOrEmpty(child.Value) : child.Value is not null);
            return isUnknown ? Unknown(child).Prepend(child.Path) : Unknown(child);
        });

        string Instead(string path)
        {
            var nearest = known.MinBy(name => Distance(path, name))!;
            // Beyond that they have little in common, except where somebody left the section out or took another.
            var meant = Distance(path, nearest) <= Last(nearest).Length / 2 ? nearest : known.FirstOrDefault(name => Last(name).Equals(Last(path), StringComparison.OrdinalIgnoreCase));
            return meant is null ? "" : $"; the nearest one is {SettingsSection.Write(meant)}";
        }
    }

    private static string Last(string path) => path[(path.LastIndexOf(':') + 1)..];

    // How many characters have to be put in, left out or changed to make one of the other (Levenshtein).
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
