using HostService.Runtime;

namespace HostService.Host.Features.Modules;

/// <summary>What the API and the metrics call the outcome of a trial compilation.</summary>
internal static class TrialOutcome
{
    /// <summary><c>passed</c>, <c>exceeded</c> or <c>unknown</c>.</summary>
    public static string Word(this CompilationOutcome outcome) => outcome switch
    {
        CompilationOutcome.Passed => "passed",
        CompilationOutcome.Exceeded => "exceeded",
        _ => "unknown",
    };
}
