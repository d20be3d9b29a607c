namespace HostService.Runtime.Conformance.Running;

/// <summary>Which code the modules of a script run.</summary>
public enum ScriptCode
{
    Optimized,
    Baseline,

    /// <summary>Whichever is there when an instance is made: optimisation goes on beside the script.</summary>
    Tiered,

    /// <summary>Optimised code that was stored and loaded again.</summary>
    Stored,

    /// <summary>None where that can be: functions are interpreted.</summary>
    Interpreted,

    /// <summary>Functions are interpreted until they are called a second time, and loops until they turn a second time; then compiled code takes over.</summary>
    HandedOver,
}
