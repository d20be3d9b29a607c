using System.Text.RegularExpressions;

namespace HostService.Host.Features;

/// <summary>The names of tenants and modules.</summary>
internal static partial class Names
{
    public const string Pattern = "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$";

    public static bool IsName(string? text) => text is not null && NamePattern().IsMatch(text);

    // \z where the pattern says $: in .NET, $ also matches before a closing line feed.
    [GeneratedRegex(@"^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
