namespace HostService.Runtime.Conformance.Running;

internal enum Outcome
{
    Passed,
    Failed,

    /// <summary>The module exists as text only.</summary>
    Skipped,

    /// <summary>The run doesn't do commands of this kind, and doesn't count them.</summary>
    Ignored,
}

/// <summary>What became of a command.</summary>
/// <param name="Outcome">Passed or not.</param>
/// <param name="Reason">Why it failed.</param>
internal readonly record struct Verdict(Outcome Outcome, string Reason = "")
{
    public static Verdict Passed => new(Outcome.Passed);

    public static Verdict Skipped => new(Outcome.Skipped);

    public static Verdict Ignored => new(Outcome.Ignored);

    public static Verdict Failed(string reason) => new(Outcome.Failed, reason);
}
