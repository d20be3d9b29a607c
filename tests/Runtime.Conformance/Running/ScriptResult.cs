using System.Collections.Immutable;

namespace HostService.Runtime.Conformance.Running;

/// <summary>What became of a script's commands.</summary>
internal sealed record ScriptResult(string Name, int Passed, int Skipped, ImmutableArray<string> Failures)
{
    public int Failed => Failures.Length;
}
