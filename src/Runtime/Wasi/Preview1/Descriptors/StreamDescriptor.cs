using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Descriptors;

/// <summary>A descriptor of one of the embedder's streams: standard input, output or error.</summary>
/// <remarks>
/// A stream that fails is an error number to the guest. Exceptions of other kinds are the embedder's way to end the guest (a limit, a cancellation) and pass.
/// The stream is the embedder's: closing the descriptor leaves it open.
/// </remarks>
internal sealed class StreamDescriptor(Stream stream, bool input, bool terminal) : ByteDescriptor(
    // Not being a character device is what tells programs that it is no terminal.
    terminal ? FileType.CharacterDevice : FileType.Unknown, input ? Rights.InputStream : Rights.OutputStream, FdFlags.None)
{
    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, out int count)
    {
        count = 0;
        try
        {
            count = stream.Read(buffer);
            return Errno.Success;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return Errno.IO;
        }
    }

    /// <inheritdoc/>
    public override Errno Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        try
        {
            stream.Write(bytes);
            count = bytes.Length;
            return Errno.Success;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return Errno.Pipe;
        }
    }

    /// <inheritdoc/>
    public override Errno GetStat(out FileStat stat)
    {
        stat = new FileStat(0, 0, Type, 1, 0, 0, 0, 0);
        return Errno.Success;
    }

    /// <inheritdoc/>
    public override Errno Sync()
    {
        try
        {
            stream.Flush();
            return Errno.Success;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return Errno.Pipe;
        }
    }
}
