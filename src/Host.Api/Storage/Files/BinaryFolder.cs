using System.Buffers;
using System.Security.Cryptography;

namespace HostService.Host.Storage.Files;

/// <summary>Binaries as files that are named after their digest.</summary>
/// <remarks>
/// A file appears under its final name only when all of it is on disk: it is written elsewhere, flushed, renamed, and the folder is flushed. So a crash leaves
/// either the whole file or none, and perhaps a leftover that <see cref="RemoveOrphans"/> deletes at the next start. Thread-safe, except that publishing and removing the same digest
/// must not overlap: the store does both under its lock.
/// </remarks>
internal sealed class BinaryFolder
{
    private const string Extension = ".wasm";
    private readonly string _published;
    private readonly string _incoming;

    public BinaryFolder(string dataDirectory)
    {
        _published = Path.Combine(dataDirectory, "binaries");
        _incoming = Path.Combine(dataDirectory, "incoming");
        Directory.CreateDirectory(_published);
        Directory.CreateDirectory(_incoming);
    }

    /// <summary>Writes a stream to a file of its own, hashing it on the way.</summary>
    /// <exception cref="StorageUnavailableException">It can't be written; nothing is left of it.</exception>
    public async Task<StagedFile> StageAsync(Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_incoming, Guid.NewGuid().ToString("N") + Extension);
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length = 0;
            using (var file = OnDisk(() => File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous)))
            {
                int read;
                while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    if (length + read > maxBytes)
                    {
                        throw new BinaryTooLargeException(maxBytes);
                    }

                    hash.AppendData(buffer, 0, read);
                    await WriteAsync(file, buffer.AsMemory(0, read), length, cancellationToken);
                    length += read;
                }
            }

            return new StagedFile(path, Digest.FromHash(hash.GetHashAndReset()), length);
        }
        catch
        {
            ArtifactFolder.Forget(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes a staged file findable by its digest, durably.</summary>
    /// <exception cref="StorageUnavailableException">The disk refuses.</exception>
    public void Publish(StagedFile staged)
    {
        var target = PathOf(staged.Digest);
        if (File.Exists(target))
        {
            return;
        }

        OnDisk(() =>
        {
            using (var file = File.OpenHandle(staged.Path, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(file);
            }

            File.Move(staged.Path, target);
            FolderFlush.Flush(_published);
            return true;
        });
    }

    /// <summary>Whether a file is published.</summary>
    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>The bytes of a published file.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(PathOf(digest), cancellationToken);
        }
        catch (IOException failure)
        {
            throw new CorruptBinaryException(digest, "can't be read", failure);
        }

        return Digest.FromHash(SHA256.HashData(bytes)) == digest
            ? bytes
            : throw new CorruptBinaryException(digest, "has other contents than were stored");
    }

    public void Remove(Digest digest) => File.Delete(PathOf(digest));

    /// <summary>Deletes what a crash left: files that no version refers to, and half-written ones. Only while nothing is staged.</summary>
    public int RemoveOrphans(IReadOnlySet<Digest> referenced)
    {
        var orphans = Directory.EnumerateFiles(_incoming)
            .Concat(Directory.EnumerateFiles(_published).Where(path => !Digest.TryParseHex(Path.GetFileNameWithoutExtension(path), out var digest) || !referenced.Contains(digest)))
            .ToList();
        orphans.ForEach(File.Delete);
        return orphans.Count;
    }

    // Only around what the disk does: a client that goes in the middle of its upload is an IOException too.
    private static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException(failure.Message, failure);
        }
    }

    private static async ValueTask WriteAsync(Microsoft.Win32.SafeHandles.SafeFileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(file, bytes, offset, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException(failure.Message, failure);
        }
    }

    private string PathOf(Digest digest) => Path.Combine(_published, digest.Hex + Extension);
}
