using System.Globalization;

namespace HostService.Runtime.Errors;

/// <summary>Names as text for people. A module may name its functions and files as it likes, also with what ends a line of a log, or with what a terminal obeys.</summary>
internal static class OneLine
{
    private const char Mark = '\uFFFD';

    /// <summary>A name, with a mark for each character that is none to be seen.</summary>
    public static string Of(string name) => name.Any(IsUnsafe) ? string.Concat(name.Select(character => IsUnsafe(character) ? Mark : character)) : name;

    private static bool IsUnsafe(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
