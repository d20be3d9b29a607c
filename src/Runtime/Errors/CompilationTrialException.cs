namespace HostService.Runtime.Errors;

/// <summary>A module that must be tried in a child process before it is compiled, where no child process can be started or none answers.</summary>
/// <remarks>Nothing is wrong with the module, as far as is known: the same call may succeed when the host has been put right. See <see cref="EngineOptions.Trial"/>.</remarks>
public sealed class CompilationTrialException : InvalidOperationException
{
    /// <summary>Makes one with a message that says why.</summary>
    public CompilationTrialException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message that says why, and its cause.</summary>
    public CompilationTrialException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public CompilationTrialException()
    {
    }
}
