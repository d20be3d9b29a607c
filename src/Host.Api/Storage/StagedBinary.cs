namespace HostService.Host.Storage;

/// <summary>A binary that was taken in but belongs to no module yet. Disposing it removes it, unless it became part of the store meanwhile.</summary>
public abstract class StagedBinary : IAsyncDisposable
{
    /// <summary>Its digest.</summary>
    public abstract Digest Digest { get; }

    /// <summary>Its length.</summary>
    public abstract long SizeBytes { get; }

    /// <summary>Opens it. What is open can be read to its end also after this object was disposed, or became part of the store.</summary>
    public abstract Stream OpenRead();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
