using HostService.Runtime.Execution.Code;
using HostService.Runtime.Types;

namespace HostService.Runtime.Trials;

/// <summary>An Engine's trials: so many at once. Disposing ends those that run. Thread-safe.</summary>
internal sealed class CompilationTrials(CompilationTrialOptions options) : IDisposable
{
    // The kernel counts in seconds, and its end says less than the parent's does.
    private const int GraceSeconds = 2;

    // Neither is disposed, which would free nothing: trials that end after the Engine still use them.
    private readonly SemaphoreSlim _slots = new(options.MaxConcurrent);
    private readonly CancellationTokenSource _disposed = new();

    public CompilationTrialOptions Options => options;

    /// <summary>Compiles the suspicious functions of a module in a child process.</summary>
    /// <param name="optimize">For which of its codes.</param>
    /// <param name="features">The Engine's.</param>
    /// <param name="module">What the child is given.</param>
    /// <param name="cancellationToken">Ends the waiting and the child.</param>
    /// <exception cref="OperationCanceledException">Cancelled, or the Engine was disposed.</exception>
    public async Task<TrialResult> RunAsync(bool optimize, WasmFeatures features, StoredModule module, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        await _slots.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            var seconds = (long)Math.Ceiling(options.MaxProcessorTime.TotalSeconds) + GraceSeconds;
            var request = new TrialRequest(optimize, features, seconds, options.MaxMemoryBytes, module);
            return await TrialProcess.RunAsync(options, request, either.Token).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _disposed.Cancel();
}
