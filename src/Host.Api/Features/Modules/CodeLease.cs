using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>One holder's share of a compiled module.</summary>
internal sealed class CodeLease(CompiledModules modules, CodeSlot slot) : IDisposable
{
    private int _disposed;

    /// <summary>The module, or null while it is not compiled.</summary>
    public CompiledModule? Ready => slot.Ready;

    /// <summary>The module, compiled by this call or by one that came earlier.</summary>
    /// <param name="read">Gets the binary, when it is needed.</param>
    /// <param name="cancellationToken">Ends the waiting, not the compilation.</param>
    public Task<CompiledModule> GetAsync(Func<CancellationToken, Task<ReadOnlyMemory<byte>>> read, CancellationToken cancellationToken) =>
        modules.CompilationOf(slot, read).WaitAsync(cancellationToken);

    /// <summary>The module, compiled of an upload if it is not yet.</summary>
    /// <param name="binary">The upload.</param>
    /// <param name="cancellationToken">Ends the waiting, not the compilation.</param>
    /// <remarks>
    /// The upload is opened now and read when it is its turn: those that wait take no memory. Another upload of the same binary may wait for the same compilation, and still does when this one has
    /// gone and its file with it; what is open can still be read.
    /// </remarks>
    public Task<CompiledModule> GetAsync(StagedBinary binary, CancellationToken cancellationToken)
    {
        var content = binary.OpenRead();
        var compilation = modules.CompilationOf(slot, token => ReadAsync(content, token));
        compilation.ContinueWith(_ => content.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return compilation.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            modules.Release(slot);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
