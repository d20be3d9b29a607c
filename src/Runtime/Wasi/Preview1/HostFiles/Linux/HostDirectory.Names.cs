using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;
using Microsoft.Win32.SafeHandles;

namespace HostService.Runtime.Wasi.Preview1.HostFiles.Linux;

/// <content>Making, moving and removing names: none of these system calls follows a symbolic link at the last name.</content>
internal sealed unsafe partial class HostDirectory
{
    /// <inheritdoc/>
    public override Errno CreateDirectory(ReadOnlySpan<char> path)
    {
        var error = OpenParent(path, stackalloc byte[HostPath.BufferBytes], out var name, out var parent);
        using (parent)
        {
            fixed (byte* start = name)
            {
                return error == Errno.Busy ? Errno.Exist : error != Errno.Success ? error : HostErrno.Of(Libc.MakeDirectory(parent!, start, DirectoryMode));
            }
        }
    }

    /// <inheritdoc/>
    public override Errno RemoveDirectory(ReadOnlySpan<char> path) => Unlink(path, Libc.AtRemoveDirectory);

    /// <inheritdoc/>
    public override Errno UnlinkFile(ReadOnlySpan<char> path) => Unlink(path, 0);

    /// <inheritdoc/>
    public override Errno CreateSymbolicLink(ReadOnlySpan<char> target, ReadOnlySpan<char> path)
    {
        // No guest could follow it, but a program of the host could, to where the guest likes.
        if (target[0] == '/')
        {
            return Errno.NotCapable;
        }

        Span<byte> leadsTo = stackalloc byte[HostPath.BufferBytes];
        HostPath.Encode(target, leadsTo);
        var error = OpenParent(path, stackalloc byte[HostPath.BufferBytes], out var name, out var parent);
        using (parent)
        {
            fixed (byte* start = name, to = leadsTo)
            {
                return error == Errno.Busy ? Errno.Exist : error != Errno.Success ? error : HostErrno.Of(Libc.MakeSymbolicLink(to, parent!, start));
            }
        }
    }

    /// <inheritdoc/>
    public override Errno Link(ReadOnlySpan<char> path, DirectoryDescriptor newDirectory, ReadOnlySpan<char> newPath) =>
        // linkat follows a symbolic link that a slash comes after; and only a directory could be meant, which can't be linked.
        path[^1] == '/'
            ? GetStat(path, follow: false, out _) is not Errno.Success and var error ? error : Errno.Perm
            : Pair(path, newDirectory, newPath, link: true);

    /// <inheritdoc/>
    public override Errno Rename(ReadOnlySpan<char> path, DirectoryDescriptor newDirectory, ReadOnlySpan<char> newPath) =>
        Pair(path, newDirectory, newPath, link: false);

    private Errno Pair(ReadOnlySpan<char> path, DirectoryDescriptor newDirectory, ReadOnlySpan<char> newPath, bool link)
    {
        // A link from a directory for reading to one for writing would be a way to write it.
        if (newDirectory is not HostDirectory other || other.IsReadOnly != IsReadOnly)
        {
            return Errno.XDev;
        }

        var error = OpenParent(path, stackalloc byte[HostPath.BufferBytes], out var name, out var parent);
        using (parent)
        {
            if (error != Errno.Success)
            {
                return error;
            }

            error = other.OpenParent(newPath, stackalloc byte[HostPath.BufferBytes], out var newName, out var newParent);
            using (newParent)
            {
                fixed (byte* start = name, newStart = newName)
                {
                    return error != Errno.Success ? error
                        : link ? HostErrno.Of(Libc.Link(parent!, start, newParent!, newStart, 0))
                        : HostErrno.Of(Libc.Rename(parent!, start, newParent!, newStart));
                }
            }
        }
    }

    private Errno Unlink(ReadOnlySpan<char> path, int flags)
    {
        var error = OpenParent(path, stackalloc byte[HostPath.BufferBytes], out var name, out var parent);
        using (parent)
        {
            fixed (byte* start = name)
            {
                return error == Errno.Busy ? Errno.Inval : error != Errno.Success ? error : HostErrno.Of(Libc.Unlink(parent!, start, flags));
            }
        }
    }

    private Errno OpenParent(ReadOnlySpan<char> path, Span<byte> buffer, out Span<byte> name, out SafeFileHandle? parent)
    {
        name = buffer;
        parent = null;
        return IsReadOnly ? Errno.RoFs : HostPath.OpenParent(Handle, path, buffer, out parent);
    }
}
