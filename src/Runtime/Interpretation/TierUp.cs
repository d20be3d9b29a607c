using HostService.Runtime.Execution;

namespace HostService.Runtime.Interpretation;

/// <summary>Asked by the interpreter when a function or a loop proved to be hot. Thread-safe.</summary>
internal abstract class TierUp
{
    /// <summary>A function was called often. The count begins again; <see cref="InterpretedModule.UseCompiled"/> hands the function over.</summary>
    /// <param name="state">The instance that it runs in.</param>
    /// <param name="function">The function, counted without the imported ones.</param>
    public abstract void Called(InstanceState state, int function);

    /// <summary>A loop ran often. The count begins again.</summary>
    /// <param name="state">The instance that it runs in.</param>
    /// <param name="function">The function, counted without the imported ones.</param>
    /// <param name="loopOffset">The <c>loop</c>, in bytes from the start of the binary.</param>
    /// <returns>The address of code that finishes the function, given its frame as it is at the loop's start; 0 to go on interpreting.</returns>
    public abstract nint LoopReached(InstanceState state, int function, int loopOffset);
}
