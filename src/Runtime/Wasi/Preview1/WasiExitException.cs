namespace HostService.Runtime.Wasi.Preview1;

/// <summary>The guest ended itself by <c>proc_exit</c>, or by raising a signal that ends a program.</summary>
/// <remarks>
/// Not a failure of the engine: it is how an exit leaves the guest's frames. It reaches the embedder that called the guest, who takes the code from it.
/// A guest whose <c>_start</c> returns has exited with code 0.
/// </remarks>
public sealed class WasiExitException : Exception
{
    internal WasiExitException(int exitCode)
        : base($"The guest exited with code {exitCode}.") => ExitCode = exitCode;

    /// <summary>The guest's exit code; 0 for success. After a signal, 128 and the signal's number together, as shells have it.</summary>
    public int ExitCode { get; }
}
