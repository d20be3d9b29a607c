using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Descriptors;

/// <summary>A descriptor of bytes: a stream or a regular file. The defaults are a stream's, which has no positions.</summary>
internal abstract class ByteDescriptor(FileType type, Rights rights, FdFlags flags) : Descriptor(type, rights, Rights.None, flags)
{
    /// <summary>Whether a read may have to wait for more bytes; if so, one call reads once.</summary>
    public virtual bool ReadsMayWait => true;

    /// <summary>How many bytes can be read at once now; at least 1 where that isn't known.</summary>
    public virtual ulong ReadableBytes => 1;

    /// <summary>Reads at the current position; 0 bytes mean the end.</summary>
    public abstract Errno Read(Span<byte> buffer, out int count);

    /// <summary>Writes at the current position.</summary>
    public abstract Errno Write(ReadOnlySpan<byte> bytes, out int count);

    /// <summary>Reads at a position and leaves the current one alone.</summary>
    public virtual Errno ReadAt(ulong position, Span<byte> buffer, out int count)
    {
        count = 0;
        return Errno.SPipe;
    }

    /// <summary>Writes at a position and leaves the current one alone.</summary>
    public virtual Errno WriteAt(ulong position, ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        return Errno.SPipe;
    }

    /// <summary>Moves the current position.</summary>
    public virtual Errno Seek(long offset, Whence whence, out ulong position)
    {
        position = 0;
        return Errno.SPipe;
    }

    /// <summary>Makes the file at least as long as offset and length together, and makes sure that there is room for it.</summary>
    public virtual Errno Allocate(ulong offset, ulong length) => Errno.SPipe;

    /// <summary>Cuts the file or lengthens it with zeros.</summary>
    public virtual Errno SetSize(ulong size) => Errno.Inval;
}
