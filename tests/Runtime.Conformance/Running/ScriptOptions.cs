namespace HostService.Runtime.Conformance.Running;

/// <summary>How scripts are run.</summary>
internal sealed record ScriptOptions
{
    /// <summary>Decode and validate modules only; commands that run code are passed over.</summary>
    public bool ValidateOnly { get; init; }

    /// <summary>Which code runs.</summary>
    public ScriptCode Code { get; init; }

    /// <summary>How memory accesses are kept inside their memory.</summary>
    public BoundsChecks BoundsChecks { get; init; }

    /// <summary>When a script is ended. The longest one needs a few seconds on a machine that does nothing else.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(180);
}
