using System.Buffers.Binary;

namespace HostService.Runtime.Wasi.Preview1.Abi;

/// <summary>The attributes of a file (<c>filestat</c>). Times are nanoseconds since 1970.</summary>
internal readonly record struct FileStat(ulong Device, ulong Inode, FileType Type, ulong Links, ulong Size, ulong Accessed, ulong Modified, ulong Changed)
{
    /// <summary>Its length in guest memory.</summary>
    public const int Bytes = 64;

    public void Store(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Device);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Inode);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], (ulong)Type);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], Links);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[32..], Size);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[40..], Accessed);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[48..], Modified);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[56..], Changed);
    }
}
