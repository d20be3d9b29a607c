namespace HostService.Host.Storage.Files;

/// <summary>Compiled code as files that are named after the digest of the binary that it was made of.</summary>
/// <remarks>
/// A cache: everything in it can be made again from the binaries, so the folder may be emptied or lost at any time. A file begins with eight bytes that say what it
/// is and with the digest of its binary, so that one under a wrong name is found out; what follows has a hash of its own, which its reader checks. It appears under its
/// name only when all of it is written. It is not flushed: after a crash of the machine the hash tells, and flushing 200 MB would hold up the disk for everybody else.
/// Thread-safe, except that publishing and removing the same digest must not overlap: the store does both under its lock.
/// </remarks>
internal sealed class ArtifactFolder(string dataDirectory)
{
    private const string Extension = ".code";
    private const string UnfinishedExtension = ".unfinished";
    private const int DigestBytes = 32;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly string _folder = Path.Combine(dataDirectory, "compiled");

    private static ReadOnlySpan<byte> Magic => "hs-code\n"u8;

    private static int HeaderBytes => Magic.Length + DigestBytes;

    /// <summary>Opens what is kept for a binary.</summary>
    /// <returns>The artifact, from its start to the end of the stream; null when there is nothing.</returns>
    /// <exception cref="InvalidDataException">The file is no artifact, belongs to another binary, or could have been written by others.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public async Task<Stream?> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        var path = PathOf(digest);
        if (!File.Exists(path))
        {
            return null;
        }

        // Its code will be run as it is, and a hash that the file carries itself is no proof of where it came from.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersWrite) != 0)
        {
            throw new InvalidDataException($"{path} can be written by others than its owner.");
        }

        // Whoever opened it reads it to the end, also when it is replaced or removed meanwhile.
        var file = new FileStream(path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.SequentialScan, BufferSize = 0 });
        try
        {
            var header = new byte[HeaderBytes];
            if (await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken) < header.Length || !header.AsSpan().StartsWith(Magic))
            {
                throw new InvalidDataException($"{path} is no compiled module.");
            }

            return Digest.FromHash(header.AsSpan(Magic.Length, DigestBytes)) is var owner && owner == digest
                ? file
                : throw new InvalidDataException($"{path} is the compiled code of {owner}.");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes an artifact to a file that nothing finds yet.</summary>
    /// <param name="digest">Which binary it is for.</param>
    /// <param name="write">Writes it, piece by piece; hashing hundreds of megabytes takes a while, so it gets a thread of its own.</param>
    /// <param name="cancellationToken">Keeps it from beginning.</param>
    /// <returns>Its path, for <see cref="Publish"/> or for deletion, and how many bytes were written.</returns>
    /// <exception cref="IOException">It can't be written; nothing is left of it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public Task<(string Path, long Bytes)> StageAsync(Digest digest, Action<Stream> write, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Stage(digest, write), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private (string Path, long Bytes) Stage(Digest digest, Action<Stream> write)
    {
        Directory.CreateDirectory(_folder);
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + UnfinishedExtension);
        try
        {
            using var file = OwnerOnlyFile.Create(path);
            file.Write(Header(digest));
            write(file);
            return (path, file.Position - HeaderBytes);
        }
        catch
        {
            Forget(path);
            throw;
        }
    }

    /// <summary>Makes a staged artifact findable, in place of one that was there.</summary>
    public void Publish(Digest digest, string staged) => File.Move(staged, PathOf(digest), overwrite: true);

    /// <summary>Whether there is a file for a binary, of whatever content.</summary>
    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Deletes what is kept for a binary. What can't be deleted now is deleted by <see cref="RemoveOrphans"/>.</summary>
    public void Remove(Digest digest) => Forget(PathOf(digest));

    /// <summary>Deletes a file, if that is possible.</summary>
    public static void Forget(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A file too many does no harm.
        }
    }

    /// <summary>Deletes files of binaries that are gone, and half-written ones. Only while nothing is staged.</summary>
    public int RemoveOrphans(IReadOnlySet<Digest> referenced)
    {
        if (!Directory.Exists(_folder))
        {
            return 0;
        }

        var orphans = Directory.EnumerateFiles(_folder)
            .Where(path => Path.GetExtension(path) != Extension || !Digest.TryParseHex(Path.GetFileNameWithoutExtension(path), out var digest) || !referenced.Contains(digest))
            .ToList();
        orphans.ForEach(Forget);
        return orphans.Count;
    }

    private static byte[] Header(Digest digest) => [.. Magic, .. Convert.FromHexString(digest.Hex)];

    private string PathOf(Digest digest) => Path.Combine(_folder, digest.Hex + Extension);
}
