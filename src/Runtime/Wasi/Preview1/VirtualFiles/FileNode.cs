using System.Numerics;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>A regular file: chunks that this guest wrote, over bytes that it may share with other Stores and that nobody writes.</summary>
/// <remarks>
/// A chunk is made when it is first written; until then its place shows the shared bytes, or zeros. A chunk may be shorter than its place, the
/// rest is zeros. The quota counts the length, holes included, so that what a guest sees as its size is what it may not exceed; a file that was
/// never written costs nothing.
/// </remarks>
internal sealed class FileNode(ulong inode, ulong time, ReadOnlyMemory<byte> shared) : Node(inode, time)
{
    private const int ChunkBytes = 16 << 10;
    private const int SmallestChunkBytes = 256;

    private ReadOnlyMemory<byte> _shared = shared;
    private byte[]?[] _chunks = [];
    private long _charged;

    /// <inheritdoc/>
    public override FileType Type => FileType.RegularFile;

    /// <inheritdoc/>
    public override ulong Size => (ulong)Length;

    /// <summary>The length in bytes.</summary>
    public long Length { get; private set; } = shared.Length;

    /// <summary>How many descriptors are open on it. It lives on without a name as long as there are any.</summary>
    public int OpenCount { get; set; }

    /// <summary>Reads; fewer bytes than asked for only at the end.</summary>
    public int Read(long position, Span<byte> buffer)
    {
        if (position >= Length)
        {
            return 0;
        }

        buffer = buffer[..(int)Math.Min(buffer.Length, Length - position)];
        for (var done = 0; done < buffer.Length;)
        {
            var (index, offset) = Math.DivRem(position + done, ChunkBytes);
            var part = buffer[done..];
            part = part[..(int)Math.Min(part.Length, ChunkBytes - offset)];
            var source = Visible((int)index);
            source = source[(int)Math.Min(offset, source.Length)..];
            source = source[..Math.Min(source.Length, part.Length)];
            source.CopyTo(part);
            part[source.Length..].Clear();
            done += part.Length;
        }

        return buffer.Length;
    }

    /// <summary>Writes as much as there is room for.</summary>
    public Errno Write(long position, ReadOnlySpan<byte> bytes, StorageQuota quota, out int count)
    {
        count = 0;
        if (bytes.IsEmpty)
        {
            return Errno.Success;
        }

        if (position > long.MaxValue - bytes.Length)
        {
            return Errno.FBig;
        }

        // What is charged is what is kept; the file may be longer than that when its bytes are shared ones so far.
        var room = quota.FreeBytes + _charged - position;
        if (room <= 0 || Charge(Math.Max(Length, position + Math.Min(room, bytes.Length)), quota) != Errno.Success)
        {
            return Errno.NoSpc;
        }

        bytes = bytes[..(int)Math.Min(room, bytes.Length)];
        Length = Math.Max(Length, position + bytes.Length);
        count = bytes.Length;
        while (!bytes.IsEmpty)
        {
            var (index, offset) = Math.DivRem(position, ChunkBytes);
            var part = bytes[..(int)Math.Min(bytes.Length, ChunkBytes - offset)];
            part.CopyTo(Writable((int)index, (int)offset + part.Length).AsSpan((int)offset));
            position += part.Length;
            bytes = bytes[part.Length..];
        }

        return Errno.Success;
    }

    /// <summary>Cuts the file or lengthens it with zeros.</summary>
    public Errno SetLength(long length, StorageQuota quota)
    {
        if (Charge(length, quota) is not Errno.Success and var error)
        {
            return error;
        }

        if (length < Length)
        {
            Cut(length);
        }

        Length = length;
        return Errno.Success;
    }

    /// <summary>Gives up everything: the last name and the last descriptor are gone.</summary>
    public void Discard(StorageQuota quota)
    {
        quota.GiveBytes(_charged);
        (_charged, _chunks, _shared, Length) = (0, [], default, 0);
    }

    private Errno Charge(long length, StorageQuota quota)
    {
        if (length > _charged)
        {
            if (quota.TakeBytes(length - _charged) is not Errno.Success and var error)
            {
                return error;
            }
        }
        else
        {
            quota.GiveBytes(_charged - length);
        }

        _charged = length;
        return Errno.Success;
    }

    // Whatever lies beyond the new end must read as zeros should the file grow again.
    private void Cut(long length)
    {
        _shared = _shared[..(int)Math.Min(_shared.Length, length)];
        var (kept, rest) = Math.DivRem(length, ChunkBytes);
        if (kept < _chunks.Length)
        {
            var last = _chunks[kept].AsSpan();
            last[(int)Math.Min(rest, last.Length)..].Clear();
            Array.Resize(ref _chunks, (int)kept + (rest > 0 ? 1 : 0));
        }
    }

    private ReadOnlySpan<byte> Visible(int index) => index < _chunks.Length && _chunks[index] is { } chunk ? chunk : SharedChunk(index);

    private ReadOnlySpan<byte> SharedChunk(int index)
    {
        var start = (long)index * ChunkBytes;
        return start < _shared.Length ? _shared.Span[(int)start..(int)Math.Min(start + ChunkBytes, _shared.Length)] : [];
    }

    private byte[] Writable(int index, int length)
    {
        if (index >= _chunks.Length)
        {
            Array.Resize(ref _chunks, Math.Max(index + 1, Math.Min(_chunks.Length * 2, (int)(_charged / ChunkBytes) + 1)));
        }

        if (_chunks[index] is { } chunk && chunk.Length >= length)
        {
            return chunk;
        }

        // Small files stay small, and what is written bit by bit is copied a few times at most.
        var visible = Visible(index);
        var size = Math.Min(ChunkBytes, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(SmallestChunkBytes, Math.Max(length, visible.Length))));
        var larger = new byte[size];
        visible.CopyTo(larger);
        return _chunks[index] = larger;
    }
}
