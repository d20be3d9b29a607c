namespace HostService.Host.Storage.Files;

/// <summary>A binary in a file that no digest leads to yet.</summary>
internal sealed class StagedFile(string path, Digest digest, long sizeBytes) : StagedBinary
{
    public string Path { get; } = path;

    public override Digest Digest { get; } = digest;

    public override long SizeBytes { get; } = sizeBytes;

    public override async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => await File.ReadAllBytesAsync(Path, cancellationToken);

    public override ValueTask DisposeAsync()
    {
        // Gone already when it was published, which renames it.
        File.Delete(Path);
        return ValueTask.CompletedTask;
    }
}
