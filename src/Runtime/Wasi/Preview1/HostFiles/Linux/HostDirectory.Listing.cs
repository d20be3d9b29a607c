using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.HostFiles.Linux;

/// <content>Listing: the kernel's entries, with the kernel's cookies.</content>
internal sealed unsafe partial class HostDirectory
{
    private const int ListingBytes = 4096;
    private const int NameOffset = 19;

    /// <inheritdoc/>
    public override Errno List(ulong cookie, ref DirectoryListing listing)
    {
        if (HostErrno.Of(Libc.Seek(handle, (long)cookie, 0)) is not Errno.Success and var error)
        {
            return error;
        }

        var buffer = stackalloc byte[ListingBytes];
        while (true)
        {
            var length = Libc.GetDents64(handle, buffer, ListingBytes);
            if (length <= 0)
            {
                return HostErrno.Of(length);
            }

            for (var entries = new ReadOnlySpan<byte>(buffer, (int)length); !entries.IsEmpty;)
            {
                // struct linux_dirent64: inode, cookie of the next entry, length, type, name with NUL
                var entry = entries[..BinaryPrimitives.ReadUInt16LittleEndian(entries[16..])];
                entries = entries[entry.Length..];
                if (!Add(ref listing, entry))
                {
                    return Errno.Success;
                }
            }
        }
    }

    private static bool Add(ref DirectoryListing listing, ReadOnlySpan<byte> entry)
    {
        var bytes = entry[NameOffset..];
        Span<char> name = stackalloc char[GuestPath.MaxNameBytes];

        // A guest can't name a file whose name isn't UTF-8, so it doesn't see it either.
        return Utf8.ToUtf16(bytes[..bytes.IndexOf((byte)0)], name, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done
            || listing.Add(BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt64LittleEndian(entry), TypeOf(entry[18]), name[..written]);
    }

    // The types of directory entries (DT_…).
    private static FileType TypeOf(byte type) => type switch
    {
        2 => FileType.CharacterDevice,
        4 => FileType.Directory,
        6 => FileType.BlockDevice,
        8 => FileType.RegularFile,
        10 => FileType.SymbolicLink,
        12 => FileType.SocketStream,
        _ => FileType.Unknown,
    };
}
