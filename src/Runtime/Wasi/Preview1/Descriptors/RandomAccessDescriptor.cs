using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Descriptors;

/// <summary>A descriptor of a regular file: everything about the current position, in terms of reading and writing at one.</summary>
internal abstract class RandomAccessDescriptor(Rights rights, FdFlags flags) : ByteDescriptor(FileType.RegularFile, rights, flags)
{
    private long _position;

    /// <inheritdoc/>
    public sealed override bool ReadsMayWait => false;

    /// <inheritdoc/>
    public sealed override ulong ReadableBytes => TryGetLength(out var length) == Errno.Success && length > _position ? (ulong)(length - _position) : 0;

    // HasFlag would box in code that isn't optimised yet.
    private bool Appends => (Flags & FdFlags.Append) != 0;

    /// <inheritdoc/>
    public sealed override Errno Read(Span<byte> buffer, out int count)
    {
        var error = ReadCore(_position, buffer, out count);
        _position += count;
        return error;
    }

    /// <inheritdoc/>
    public sealed override Errno Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (Appends && TryGetLength(out _position) is not Errno.Success and var error)
        {
            return error;
        }

        error = WriteCore(_position, bytes, out count);
        _position += count;
        return error;
    }

    /// <inheritdoc/>
    public sealed override Errno ReadAt(ulong position, Span<byte> buffer, out int count)
    {
        count = 0;
        return position > long.MaxValue ? Errno.Inval : ReadCore((long)position, buffer, out count);
    }

    /// <inheritdoc/>
    public sealed override Errno WriteAt(ulong position, ReadOnlySpan<byte> bytes, out int count)
    {
        // As on Linux, a file that is open for appending is appended to wherever the guest points.
        count = 0;
        long start = 0;
        if (Appends && TryGetLength(out start) is not Errno.Success and var error)
        {
            return error;
        }

        return position > long.MaxValue ? Errno.Inval : WriteCore(Appends ? start : (long)position, bytes, out count);
    }

    /// <inheritdoc/>
    public sealed override Errno Seek(long offset, Whence whence, out ulong position)
    {
        position = 0;
        long start = 0;
        if (whence == Whence.End && TryGetLength(out start) is not Errno.Success and var error)
        {
            return error;
        }

        if (whence == Whence.Cur)
        {
            start = _position;
        }

        // start is never negative, so only the sum can leave the range, and only upwards.
        if (offset > long.MaxValue - start)
        {
            return Errno.Overflow;
        }

        if (start + offset < 0)
        {
            return Errno.Inval;
        }

        _position = start + offset;
        position = (ulong)_position;
        return Errno.Success;
    }

    /// <inheritdoc/>
    public sealed override Errno Allocate(ulong offset, ulong length)
    {
        if (length == 0 || offset > long.MaxValue || length > long.MaxValue)
        {
            return Errno.Inval;
        }

        return offset + length > long.MaxValue ? Errno.FBig : AllocateCore((long)offset, (long)length);
    }

    /// <inheritdoc/>
    public sealed override Errno SetSize(ulong size) => size > long.MaxValue ? Errno.Inval : SetLength((long)size);

    /// <summary>The length of the file.</summary>
    protected abstract Errno TryGetLength(out long length);

    /// <summary>Reads at a position; less than asked for only at the end.</summary>
    protected abstract Errno ReadCore(long position, Span<byte> buffer, out int count);

    /// <summary>Writes at a position.</summary>
    protected abstract Errno WriteCore(long position, ReadOnlySpan<byte> bytes, out int count);

    /// <summary>Lengthens the file as needed to hold a range.</summary>
    protected abstract Errno AllocateCore(long offset, long length);

    /// <summary>Cuts the file or lengthens it with zeros.</summary>
    protected abstract Errno SetLength(long length);
}
