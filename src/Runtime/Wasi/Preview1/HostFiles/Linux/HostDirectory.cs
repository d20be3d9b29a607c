using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;
using Microsoft.Win32.SafeHandles;

namespace HostService.Runtime.Wasi.Preview1.HostFiles.Linux;

/// <summary>An open directory of the host.</summary>
internal sealed unsafe partial class HostDirectory(SafeFileHandle handle, bool isReadOnly, Rights rights, Rights inheriting, FdFlags flags)
    : DirectoryDescriptor(rights, inheriting, flags)
{
    // What the host's umask leaves of it.
    private const uint FileMode = 0x1B6;        // 0666
    private const uint DirectoryMode = 0x1FF;   // 0777

    private SafeFileHandle Handle => handle;

    private bool IsReadOnly => isReadOnly;

    /// <summary>Makes sure that a directory can be offered to guests.</summary>
    /// <exception cref="DirectoryNotFoundException">It isn't there.</exception>
    /// <exception cref="PlatformNotSupportedException">The operating system can't confine paths.</exception>
    public static void Check(string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            throw new PlatformNotSupportedException("Directories of the host can be offered on 64-bit Linux only; elsewhere nothing keeps a guest's paths inside them.");
        }

        using var root = OpenHandle(path);
        var error = HostPath.Open(root, ".", Libc.OpenPath | Libc.OpenDirectory, 0, out var opened);
        opened.Dispose();
        if (error != Errno.Success)
        {
            throw new PlatformNotSupportedException(HostErrno.LastIsNoSystemCall
                ? "The kernel has no openat2 (Linux 5.6), or a filter forbids it; without it nothing keeps a guest's paths inside a directory of the host."
                : $"The directory \"{path}\" can't be opened: {error}.");
        }
    }

    /// <summary>Opens a directory that guests have from the start.</summary>
    public static HostDirectory OpenRoot(string path, bool isReadOnly, byte[] name) =>
        new(OpenHandle(path), isReadOnly, Rights.Directory, Rights.Directory | Rights.File, FdFlags.None) { PreopenName = name };

    /// <inheritdoc/>
    public override Errno GetStat(out FileStat stat) => HostStat.Of(handle, out stat);

    /// <inheritdoc/>
    public override Errno SetTimes(ulong? accessed, ulong? modified) => isReadOnly ? Errno.RoFs : HostStat.SetTimes(handle, accessed, modified);

    /// <inheritdoc/>
    public override Errno Sync() => HostErrno.Of(Libc.Sync(handle));

    /// <inheritdoc/>
    public override void Close() => handle.Dispose();

    /// <inheritdoc/>
    public override Errno GetStat(ReadOnlySpan<char> path, bool follow, out FileStat stat)
    {
        stat = default;
        var error = Find(path, follow, out var found);
        using (found)
        {
            return error == Errno.Success ? HostStat.Of(found, out stat) : error;
        }
    }

    /// <inheritdoc/>
    public override Errno SetTimes(ReadOnlySpan<char> path, bool follow, ulong? accessed, ulong? modified)
    {
        var error = Find(path, follow, out var found);
        using (found)
        {
            return error != Errno.Success ? error : isReadOnly ? Errno.RoFs : HostStat.SetTimes(found, accessed, modified);
        }
    }

    /// <inheritdoc/>
    public override Errno ReadLink(ReadOnlySpan<char> path, Span<byte> buffer, out int count)
    {
        count = 0;
        var error = Find(path, follow: false, out var found);
        using (found)
        {
            if (error != Errno.Success)
            {
                return error;
            }

            byte empty = 0;
            fixed (byte* start = buffer)
            {
                var length = Libc.ReadLink(found, &empty, start, (nuint)buffer.Length);

                // Of a descriptor that isn't a link the kernel says that there is nothing by the empty name.
                count = (int)Math.Max(0, length);
                return HostErrno.Of(length) is Errno.NoEnt ? Errno.Inval : HostErrno.Of(length);
            }
        }
    }

    /// <inheritdoc/>
    public override Errno Open(
        ReadOnlySpan<char> path, bool follow, OFlags how, Rights rights, Rights inheriting, FdFlags flags, out Descriptor? opened)
    {
        opened = null;
        var writes = rights.HasFlag(Rights.FdWrite);
        if (isReadOnly && (writes || how.HasFlag(OFlags.Trunc)))
        {
            return Errno.RoFs;
        }

        // A guest must not wait for the other end of a pipe, nor get a terminal.
        var open = Libc.OpenNonBlocking | Libc.OpenNoTerminal
            | (!writes ? 0 : rights.HasFlag(Rights.FdRead) ? Libc.OpenReadWrite : Libc.OpenWriteOnly)
            | (how.HasFlag(OFlags.Creat) && !isReadOnly ? Libc.OpenCreate : 0)
            | (how.HasFlag(OFlags.Excl) && how.HasFlag(OFlags.Creat) ? Libc.OpenExclusive : 0)
            | (how.HasFlag(OFlags.Trunc) ? Libc.OpenTruncate : 0)
            | (how.HasFlag(OFlags.Directory) ? Libc.OpenDirectory : 0)
            | (follow ? 0 : Libc.OpenNoFollow);
        var error = HostPath.Open(handle, path, open, how.HasFlag(OFlags.Creat) && !isReadOnly ? FileMode : 0, out var file);
        if (error == Errno.Success)
        {
            error = Wrap(file, rights, inheriting, flags, out opened);
        }

        if (error != Errno.Success)
        {
            file.Dispose();
        }

        return error == Errno.NoEnt && isReadOnly && how.HasFlag(OFlags.Creat) ? Errno.RoFs : error;
    }

    private static SafeFileHandle OpenHandle(string path)
    {
        var descriptor = Libc.Open(path, Libc.OpenDirectory | Libc.OpenCloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new DirectoryNotFoundException(
            $"The directory \"{path}\" that is to be offered to guests can't be opened: {HostErrno.Of(descriptor)}.");
    }

    private Errno Wrap(SafeFileHandle file, Rights rights, Rights inheriting, FdFlags flags, out Descriptor? opened)
    {
        opened = null;
        if (HostStat.Of(file, out var stat) is not Errno.Success and var error)
        {
            return error;
        }

        switch (stat.Type)
        {
            case FileType.Directory:
                opened = new HostDirectory(file, isReadOnly, rights & Rights.Directory, inheriting, flags);
                return Errno.Success;
            case FileType.RegularFile:
                var allowed = isReadOnly ? Rights.File & ~(Rights.FdWrite | Rights.FdAllocate | Rights.FdFilestatSetSize) : Rights.File;
                opened = new HostFile(file, isReadOnly, rights & allowed, flags);
                return Errno.Success;
            default:
                // Pipes, sockets and devices reach beyond the directory.
                return Errno.NotCapable;
        }
    }

    private Errno Find(ReadOnlySpan<char> path, bool follow, out SafeFileHandle found) =>
        HostPath.Open(handle, path, Libc.OpenPath | (follow ? 0 : Libc.OpenNoFollow), 0, out found);
}
