namespace HostService.Runtime;

/// <summary>What came of compiling the suspicious functions of a module in a child process; see <see cref="Module.Verdict"/>. Immutable.</summary>
/// <param name="Outcome">Whether they may be optimised in this process.</param>
/// <param name="Reason">Where they may not: which function broke which limit, or why it could not be found out; else null.</param>
/// <param name="MaxProcessorTime">The limit on processor time that it was tried with.</param>
/// <param name="MaxMemoryBytes">The limit on memory that it was tried with.</param>
public sealed record CompilationVerdict(CompilationOutcome Outcome, string? Reason, TimeSpan MaxProcessorTime, long MaxMemoryBytes)
{
    // One that was not found out is tried again, and so is one that was found out with other limits.
    internal bool HoldsFor(CompilationTrialOptions options) =>
        Outcome != CompilationOutcome.Unknown && MaxProcessorTime == options.MaxProcessorTime && MaxMemoryBytes == options.MaxMemoryBytes;
}
