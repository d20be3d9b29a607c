using System.Buffers.Binary;
using System.Text.Unicode;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Descriptors;

/// <summary>The entries of a directory as <c>fd_readdir</c> lays them out: packed, the last one cut where the buffer ends.</summary>
internal ref struct DirectoryListing(Span<byte> buffer)
{
    private const int HeaderBytes = 24;
    private readonly Span<byte> _buffer = buffer;

    /// <summary>How much of the buffer is filled. A guest knows that there is more when it is filled whole.</summary>
    public int Used { get; private set; }

    /// <summary>Adds an entry.</summary>
    /// <param name="next">The cookie that a later call goes on from.</param>
    /// <param name="inode">The file's number.</param>
    /// <param name="type">The file's type.</param>
    /// <param name="name">The entry's name.</param>
    /// <returns>False when the buffer is full.</returns>
    public bool Add(ulong next, ulong inode, FileType type, scoped ReadOnlySpan<char> name)
    {
        Span<byte> entry = stackalloc byte[HeaderBytes + GuestPath.MaxNameBytes];
        Utf8.FromUtf16(name, entry[HeaderBytes..], out _, out var nameBytes);
        entry = entry[..(HeaderBytes + nameBytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, next);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], inode);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], (uint)nameBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[20..], (uint)type);
        var room = _buffer[Used..];
        var taken = Math.Min(room.Length, entry.Length);
        entry[..taken].CopyTo(room);
        Used += taken;
        return Used < _buffer.Length;
    }
}
