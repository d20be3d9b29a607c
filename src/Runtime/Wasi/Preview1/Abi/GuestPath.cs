using System.Buffers;
using System.Text.Unicode;

namespace HostService.Runtime.Wasi.Preview1.Abi;

/// <summary>Reads paths out of guest memory.</summary>
internal static class GuestPath
{
    /// <summary>The most bytes of a path, as on Linux; longer ones answer ENAMETOOLONG.</summary>
    public const int MaxBytes = 4096;

    /// <summary>The most bytes of one name, as on Linux.</summary>
    public const int MaxNameBytes = 255;

    /// <summary>Reads a path.</summary>
    /// <param name="memory">Where it is.</param>
    /// <param name="address">Its address.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="buffer">Room for <see cref="MaxBytes"/> characters.</param>
    /// <param name="path">The path, in the buffer: never empty, without NUL.</param>
    public static Errno Read(GuestMemory memory, uint address, uint length, Span<char> buffer, out ReadOnlySpan<char> path)
    {
        path = default;
        if (length > MaxBytes)
        {
            return Errno.NameTooLong;
        }

        if (!memory.TryRead(address, length, out var bytes))
        {
            return Errno.Fault;
        }

        if (Utf8.ToUtf16(bytes, buffer, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            return Errno.IlSeq;
        }

        path = buffer[..written];
        return path.IsEmpty ? Errno.NoEnt : path.Contains('\0') ? Errno.Inval : Errno.Success;
    }
}
