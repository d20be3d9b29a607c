namespace HostService.Runtime.Trials;

/// <summary>How a trial ended.</summary>
/// <param name="Outcome">Whether the limits hold.</param>
/// <param name="Function">The function that was being compiled, counted without the imported ones; −1 when none was.</param>
/// <param name="Reason">What it did, to be read after the function's name; null when everything went well.</param>
internal sealed record TrialResult(CompilationOutcome Outcome, int Function, string? Reason)
{
    /// <summary>Processor time since the child was ready, as it last reported it.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>How much the child had grown when it was looked at last, at its largest.</summary>
    public long PeakBytes { get; init; }
}
