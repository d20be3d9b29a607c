using System.Text;
using System.Text.Unicode;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>An open virtual directory: POSIX's rules for paths, on a tree of nodes.</summary>
internal sealed partial class VirtualDirectory(VirtualVolume volume, DirectoryNode node, Rights rights, Rights inheriting, FdFlags flags)
    : DirectoryDescriptor(rights, inheriting, flags)
{
    private VirtualVolume Volume => volume;

    private DirectoryNode Node => node;

    /// <inheritdoc/>
    public override Errno GetStat(out FileStat stat)
    {
        stat = node.Stat(volume.Device);
        return Errno.Success;
    }

    /// <inheritdoc/>
    public override Errno SetTimes(ulong? accessed, ulong? modified) => SetTimes(node, accessed, modified);

    /// <inheritdoc/>
    public override Errno GetStat(ReadOnlySpan<char> path, bool follow, out FileStat stat)
    {
        stat = default;
        if (Find(path, follow, out var found) is not Errno.Success and var error)
        {
            return error;
        }

        stat = found.Stat(volume.Device);
        return Errno.Success;
    }

    /// <inheritdoc/>
    public override Errno SetTimes(ReadOnlySpan<char> path, bool follow, ulong? accessed, ulong? modified) =>
        Find(path, follow, out var found) is not Errno.Success and var error ? error : SetTimes(found, accessed, modified);

    /// <inheritdoc/>
    public override Errno ReadLink(ReadOnlySpan<char> path, Span<byte> buffer, out int count)
    {
        count = 0;
        if (Find(path, follow: false, out var found) is not Errno.Success and var error)
        {
            return error;
        }

        if (found is not SymbolicLinkNode link)
        {
            return Errno.Inval;
        }

        // Cut to the buffer, inside a character if need be, as readlink does.
        var target = Encoding.UTF8.GetBytes(link.Target);
        count = Math.Min(target.Length, buffer.Length);
        target.AsSpan(0, count).CopyTo(buffer);
        return Errno.Success;
    }

    /// <inheritdoc/>
    public override Errno List(ulong cookie, ref DirectoryListing listing)
    {
        node.List(cookie, ref listing);
        return Errno.Success;
    }

    /// <inheritdoc/>
    public override Errno Open(
        ReadOnlySpan<char> path, bool follow, OFlags how, Rights rights, Rights inheriting, FdFlags flags, out Descriptor? opened)
    {
        opened = null;
        var exclusive = how.HasFlag(OFlags.Creat | OFlags.Excl);
        if (PathWalk.To(node, path, follow && !exclusive ? LastLink.Follow : LastLink.Keep, out var walk) is not Errno.Success and var error)
        {
            return error;
        }

        return walk.Node is null ? OpenNew(walk, how, rights, flags, out opened)
            : exclusive ? Errno.Exist
            : OpenExisting(walk, how, rights, inheriting, flags, out opened);
    }

    private Errno OpenNew(PathWalk walk, OFlags how, Rights rights, FdFlags flags, out Descriptor? opened)
    {
        opened = null;
        if (!how.HasFlag(OFlags.Creat))
        {
            return Errno.NoEnt;
        }

        if (walk.NeedsDirectory)
        {
            return Errno.IsDir;
        }

        if (how.HasFlag(OFlags.Directory))
        {
            return Errno.Inval;
        }

        if (volume.IsReadOnly)
        {
            return Errno.RoFs;
        }

        var file = volume.CreateFile();
        var error = volume.Add(walk.Parent, walk.Name, file);
        opened = error == Errno.Success ? new VirtualFile(volume, file, rights & Rights.File, flags) : null;
        return error;
    }

    private Errno OpenExisting(PathWalk walk, OFlags how, Rights rights, Rights inheriting, FdFlags flags, out Descriptor? opened)
    {
        opened = null;
        switch (walk.Node)
        {
            case DirectoryNode when rights.HasFlag(Rights.FdWrite) || (how & (OFlags.Creat | OFlags.Trunc)) != 0:
                return Errno.IsDir;
            case DirectoryNode directory:
                opened = new VirtualDirectory(volume, directory, rights & Rights.Directory, inheriting, flags);
                return Errno.Success;
            case SymbolicLinkNode:
                return Errno.Loop;
            case FileNode when walk.NeedsDirectory || how.HasFlag(OFlags.Directory):
                return Errno.NotDir;
            case FileNode when volume.IsReadOnly && (rights.HasFlag(Rights.FdWrite) || how.HasFlag(OFlags.Trunc)):
                return Errno.RoFs;
            case FileNode file:
                if (how.HasFlag(OFlags.Trunc) && file.SetLength(0, volume.Quota) is not Errno.Success and var error)
                {
                    return error;
                }

                if (how.HasFlag(OFlags.Trunc))
                {
                    file.Touch(volume.Now);
                }

                // On a volume for reading, a descriptor can't change the file by other ways than writing either.
                var allowed = volume.IsReadOnly ? Rights.File & ~(Rights.FdWrite | Rights.FdAllocate | Rights.FdFilestatSetSize) : Rights.File;
                opened = new VirtualFile(volume, file, rights & allowed, flags);
                return Errno.Success;
            default:
                return Errno.Inval;
        }
    }

    private Errno Find(ReadOnlySpan<char> path, bool follow, out Node found)
    {
        found = null!;
        return PathWalk.To(node, path, follow ? LastLink.Follow : LastLink.Keep, out var walk) is not Errno.Success and var error ? error : walk.Require(out found);
    }

    private Errno SetTimes(Node changed, ulong? accessed, ulong? modified)
    {
        if (volume.IsReadOnly)
        {
            return Errno.RoFs;
        }

        changed.SetTimes(accessed, modified, volume.Now);
        return Errno.Success;
    }
}
