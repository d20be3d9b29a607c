namespace HostService.Runtime;

/// <summary>How a trial compilation ended.</summary>
public enum CompilationOutcome
{
    /// <summary>Within the limits.</summary>
    Passed,

    /// <summary>A function needs more than the limits allow, or ends the compiler: the module stays on baseline code.</summary>
    Exceeded,

    /// <summary>It could not be found out: the child process could not be started, or was ended from outside. The module stays on baseline code until the next attempt.</summary>
    Unknown,
}
