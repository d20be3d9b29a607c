namespace HostService.Host.Storage;

/// <summary>A binary that was taken in but belongs to no module yet. Disposing it removes it, unless it became part of the store meanwhile.</summary>
public abstract class StagedBinary : IAsyncDisposable
{
    /// <summary>Its digest.</summary>
    public abstract Digest Digest { get; }

    /// <summary>Its length.</summary>
    public abstract long SizeBytes { get; }

    /// <summary>Its bytes.</summary>
    public abstract Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
