using System.Globalization;

namespace HostService.Runtime.Trials;

/// <summary>A line that the child process writes: what it is about, and how much it has used since it was <see cref="Ready"/>.</summary>
/// <param name="Kind">One of the constants.</param>
/// <param name="Function">The function, counted without the imported ones; −1 when it is about none.</param>
/// <param name="ProcessorMilliseconds">Processor time.</param>
/// <param name="Text">What else there is to say.</param>
internal readonly record struct TrialReport(string Kind, int Function, long ProcessorMilliseconds, string Text)
{
    /// <summary>The module is loaded; from here on everything counts.</summary>
    public const string Ready = "ready";

    /// <summary>A function begins.</summary>
    public const string Begin = "begin";

    /// <summary>A function is compiled.</summary>
    public const string End = "end";

    /// <summary>The compiler refused a function; the text says why.</summary>
    public const string Refused = "refused";

    /// <summary>All are compiled.</summary>
    public const string Done = "done";

    /// <summary>Reads a line.</summary>
    /// <returns>Null when it is none.</returns>
    public static TrialReport? Parse(string line)
    {
        var parts = line.Split(' ', 4);
        return parts.Length == 4
            && int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var function)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? new TrialReport(parts[0], function, milliseconds, parts[3])
            : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind} {Function} {ProcessorMilliseconds} {Text.ReplaceLineEndings(" ")}");
}
