using System.Text;
using HostService.Runtime.Wasi.Preview1.Abi;
using Microsoft.Win32.SafeHandles;

namespace HostService.Runtime.Wasi.Preview1.HostFiles.Linux;

/// <summary>Opens guests' paths. The kernel resolves each one wholly beneath its directory, so there is no gap between check and use.</summary>
/// <remarks>See docs/adr/0005.</remarks>
internal static unsafe class HostPath
{
    /// <summary>Room for any path that a guest can give, and the NUL after it.</summary>
    public const int BufferBytes = GuestPath.MaxBytes + 1;

    // A rename elsewhere in the tree makes the kernel give up on a path with ".."; it says to try again.
    private const int Attempts = 16;

    /// <summary>Opens a path.</summary>
    /// <param name="directory">Where it starts, and what it cannot leave.</param>
    /// <param name="path">The path.</param>
    /// <param name="flags">The kernel's open flags.</param>
    /// <param name="mode">The permissions of a file that is made.</param>
    /// <param name="opened">The descriptor.</param>
    public static Errno Open(SafeFileHandle directory, ReadOnlySpan<char> path, int flags, uint mode, out SafeFileHandle opened)
    {
        var bytes = stackalloc byte[BufferBytes];
        Encode(path, new Span<byte>(bytes, BufferBytes));
        var how = new Libc.OpenHow { Flags = (ulong)(flags | Libc.OpenCloseOnExec), Mode = mode, Resolve = Libc.ResolveBeneath | Libc.ResolveNoMagicLinks };
        var (descriptor, error) = (-1, Errno.Again);
        for (var attempt = 0; attempt < Attempts && error == Errno.Again; attempt++)
        {
            descriptor = Libc.OpenAt2(directory, bytes, &how);
            error = HostErrno.Of(descriptor);
        }

        opened = new SafeFileHandle(descriptor, ownsHandle: true);

        // The kernel's word for a path that leads out.
        return error == Errno.XDev ? Errno.NotCapable : error;
    }

    /// <summary>Opens the directory that holds the last name of a path, for system calls that take such a name.</summary>
    /// <param name="directory">Where the path starts, and what it cannot leave.</param>
    /// <param name="path">The path.</param>
    /// <param name="name">Where to put the last name, with one slash if any followed and NUL; <see cref="BufferBytes"/> long.</param>
    /// <param name="parent">The directory.</param>
    /// <returns>EBUSY when the last name is "." or "..", which cannot be made, moved or removed.</returns>
    public static Errno OpenParent(SafeFileHandle directory, ReadOnlySpan<char> path, Span<byte> name, out SafeFileHandle parent)
    {
        var trimmed = path.TrimEnd('/');
        var start = trimmed.LastIndexOf('/') + 1;
        var last = trimmed[start..];
        parent = null!;
        if (last is "" or "." or "..")
        {
            return trimmed.IsEmpty ? Errno.NotCapable : Errno.Busy;
        }

        Encode(trimmed.Length < path.Length ? path[start..(trimmed.Length + 1)] : last, name);
        return Open(directory, start == 0 ? "." : path[..start], Libc.OpenPath | Libc.OpenDirectory, 0, out parent);
    }

    /// <summary>Puts a text into a buffer, with NUL.</summary>
    public static void Encode(ReadOnlySpan<char> text, Span<byte> buffer) => buffer[Encoding.UTF8.GetBytes(text, buffer)] = 0;
}
