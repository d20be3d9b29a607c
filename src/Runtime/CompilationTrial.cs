using HostService.Runtime.Trials;

namespace HostService.Runtime;

/// <summary>The child process in which suspicious functions are compiled first; see <see cref="EngineOptions.Trial"/>.</summary>
public static class CompilationTrial
{
    /// <summary>
    /// Is the child process: reads what to compile from standard input, compiles it, and reports on standard output. For the entry point of a program that
    /// <see cref="CompilationTrialOptions.Command"/> names; it must not have read or written either before.
    /// </summary>
    /// <returns>The exit code: 0 when it did what it was asked to, 2 when what it was asked can't be read or is of another version of this library.</returns>
    public static int RunChild() => TrialProgram.Main();
}
