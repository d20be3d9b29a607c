namespace HostService.Host.Storage.Files;

/// <summary>A binary in a file that no digest leads to yet.</summary>
internal sealed class StagedFile(string path, Digest digest, long sizeBytes) : StagedBinary
{
    public string Path { get; } = path;

    public override Digest Digest { get; } = digest;

    public override long SizeBytes { get; } = sizeBytes;

    // Shared in every way, so that it can be flushed, renamed and deleted meanwhile.
    public override Stream OpenRead() => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, useAsync: true);

    public override ValueTask DisposeAsync()
    {
        // Gone already when it was published, which renames it.
        File.Delete(Path);
        return ValueTask.CompletedTask;
    }
}
