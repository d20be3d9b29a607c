using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;
using Microsoft.Win32.SafeHandles;

namespace HostService.Runtime.Wasi.Preview1.HostFiles.Linux;

/// <summary>An open file of the host.</summary>
internal sealed unsafe class HostFile(SafeFileHandle file, bool isReadOnly, Rights rights, FdFlags flags) : RandomAccessDescriptor(rights, flags)
{
    /// <inheritdoc/>
    public override Errno GetStat(out FileStat stat) => HostStat.Of(file, out stat);

    /// <inheritdoc/>
    public override Errno SetTimes(ulong? accessed, ulong? modified) => isReadOnly ? Errno.RoFs : HostStat.SetTimes(file, accessed, modified);

    /// <inheritdoc/>
    public override Errno Sync() => HostErrno.Of(Libc.Sync(file));

    /// <inheritdoc/>
    public override void Close() => file.Dispose();

    /// <inheritdoc/>
    protected override Errno TryGetLength(out long length)
    {
        var error = HostStat.Of(file, out var stat);
        length = (long)stat.Size;
        return error;
    }

    /// <inheritdoc/>
    protected override Errno ReadCore(long position, Span<byte> buffer, out int count)
    {
        fixed (byte* start = buffer)
        {
            var read = Libc.PRead(file, start, (nuint)buffer.Length, position);
            count = (int)Math.Max(0, read);
            return HostErrno.Of(read);
        }
    }

    /// <inheritdoc/>
    protected override Errno WriteCore(long position, ReadOnlySpan<byte> bytes, out int count)
    {
        fixed (byte* start = bytes)
        {
            var written = Libc.PWrite(file, start, (nuint)bytes.Length, position);
            count = (int)Math.Max(0, written);
            return HostErrno.Of(written);
        }
    }

    /// <inheritdoc/>
    protected override Errno AllocateCore(long offset, long length) => isReadOnly ? Errno.RoFs : HostErrno.Of(Libc.Allocate(file, 0, offset, length));

    /// <inheritdoc/>
    protected override Errno SetLength(long length) => isReadOnly ? Errno.RoFs : HostErrno.Of(Libc.Truncate(file, length));
}
