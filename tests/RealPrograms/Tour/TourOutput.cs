using System.Text.RegularExpressions;

namespace HostService.RealPrograms.Tour;

/// <summary>Makes two outputs comparable: what differs from run to run becomes a word for it, everything else stays.</summary>
internal static partial class TourOutput
{
    public static string Normalize(string text)
    {
        text = TimePattern().Replace(text, "<time>");
        text = CodePattern().Replace(text, "\"code\":<code>");
        text = DurationPattern().Replace(text, "\"durationMs\":<number>");
        text = KeyPattern().Replace(text, "\"key\":\"<key>\"");
        text = DeadlinePattern().Replace(text, "\"detail\":\"<deadline>\"");
        text = TracePattern().Replace(text, "\"traceId\":\"<trace>\"");
        return string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).Trim();
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")]
    private static partial Regex TimePattern();

    // It changes while one looks, and its sizes with every change of the compiler.
    [GeneratedRegex("""("code"):\{"tier":"(baseline|optimized)".*?"trial":(null|\{[^{}]*\})\}""")]
    private static partial Regex CodePattern();

    [GeneratedRegex("""("durationMs"):[0-9.eE+-]+""")]
    private static partial Regex DurationPattern();

    [GeneratedRegex("""("key"):"[^"]+"(?!,"kind")""")]
    private static partial Regex KeyPattern();

    // Processor time or, where the processors are busy with other things, time on the clock: whichever is used up first.
    [GeneratedRegex(""" "detail":"The\ guest\ used\ more\ than[^"]*","limit":"(cpu|wall)","milliseconds":\d+ """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex DeadlinePattern();

    [GeneratedRegex("""("traceId"):"[^"]+" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TracePattern();
}
