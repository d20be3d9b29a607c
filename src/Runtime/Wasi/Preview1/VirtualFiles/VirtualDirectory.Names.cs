using System.Text;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <content>Making, moving and removing names.</content>
internal sealed partial class VirtualDirectory
{
    /// <inheritdoc/>
    public override Errno CreateDirectory(ReadOnlySpan<char> path)
    {
        if (WalkToName(path, out var walk) is not Errno.Success and var error)
        {
            return error;
        }

        return walk.Node is not null || walk.Name.IsEmpty ? Errno.Exist
            : volume.IsReadOnly ? Errno.RoFs
            : volume.Add(walk.Parent, walk.Name, volume.CreateDirectory(walk.Parent));
    }

    /// <inheritdoc/>
    public override Errno CreateSymbolicLink(ReadOnlySpan<char> target, ReadOnlySpan<char> path)
    {
        // A link that leads to an absolute path would lead nowhere: refused when it is made rather than when it is followed.
        if (target[0] == '/')
        {
            return Errno.NotCapable;
        }

        if (WalkToNewName(path, out var walk) is not Errno.Success and var error)
        {
            return error;
        }

        var bytes = Encoding.UTF8.GetByteCount(target);
        if (volume.Quota.TakeBytes(bytes) is not Errno.Success and var full)
        {
            return full;
        }

        error = volume.Add(walk.Parent, walk.Name, volume.CreateLink(target.ToString()));
        if (error != Errno.Success)
        {
            volume.Quota.GiveBytes(bytes);
        }

        return error;
    }

    /// <inheritdoc/>
    public override Errno RemoveDirectory(ReadOnlySpan<char> path)
    {
        if (WalkToName(path, out var walk) is not Errno.Success and var error)
        {
            return error;
        }

        switch (walk.Node)
        {
            case null:
                return Errno.NoEnt;
            case not DirectoryNode:
                return Errno.NotDir;
            case DirectoryNode when walk.Entry is null:
                return Errno.Inval;
            case DirectoryNode { Count: > 0 }:
                return Errno.NotEmpty;
            case var _ when volume.IsReadOnly:
                return Errno.RoFs;
            default:
                volume.Remove(walk.Parent, walk.Entry);
                return Errno.Success;
        }
    }

    /// <inheritdoc/>
    public override Errno UnlinkFile(ReadOnlySpan<char> path)
    {
        if (WalkToName(path, out var walk) is not Errno.Success and var error)
        {
            return error;
        }

        switch (walk.Node)
        {
            case null:
                return Errno.NoEnt;
            case DirectoryNode:
                return Errno.IsDir;
            case var _ when walk.NeedsDirectory:
                return Errno.NotDir;
            case var _ when volume.IsReadOnly:
                return Errno.RoFs;
            default:
                volume.Remove(walk.Parent, walk.Entry!);
                return Errno.Success;
        }
    }

    /// <inheritdoc/>
    public override Errno Link(ReadOnlySpan<char> path, DirectoryDescriptor newDirectory, ReadOnlySpan<char> newPath)
    {
        if (newDirectory is not VirtualDirectory other || other.Volume != volume)
        {
            return Errno.XDev;
        }

        if (Find(path, follow: false, out var found) is not Errno.Success and var error)
        {
            return error;
        }

        if (found is DirectoryNode)
        {
            return Errno.Perm;
        }

        // A name that is gone can't come back.
        return other.WalkToNewName(newPath, out var walk) is not Errno.Success and var wrong ? wrong : volume.Add(walk.Parent, walk.Name, found);
    }

    /// <inheritdoc/>
    public override Errno Rename(ReadOnlySpan<char> path, DirectoryDescriptor newDirectory, ReadOnlySpan<char> newPath)
    {
        if (newDirectory is not VirtualDirectory other || other.Volume != volume)
        {
            return Errno.XDev;
        }

        if (WalkToName(path, out var from) is not Errno.Success and var error)
        {
            return error;
        }

        if (from.Require(out var moved) is not Errno.Success and var missing)
        {
            return missing;
        }

        if (other.WalkToName(newPath, out var to) is not Errno.Success and var wrong)
        {
            return wrong;
        }

        if (from.Entry is null || to.Name.IsEmpty)
        {
            return Errno.Busy;
        }

        if (ReferenceEquals(to.Node, moved))
        {
            // Two names of one file, or one name twice: nothing to do, says POSIX.
            return Errno.Success;
        }

        return CheckReplacement(moved, to) is not Errno.Success and var refused
            ? refused
            : volume.Move(from.Parent, from.Entry, to.Parent, to.Entry, to.Name);
    }

    private Errno CheckReplacement(Node moved, PathWalk to)
    {
        if (volume.IsReadOnly)
        {
            return Errno.RoFs;
        }

        if (to.Parent.IsRemoved)
        {
            return Errno.NoEnt;
        }

        if (moved is not DirectoryNode directory)
        {
            return to.Node is DirectoryNode ? Errno.IsDir : to.NeedsDirectory ? Errno.NotDir : Errno.Success;
        }

        for (var above = to.Parent; above is not null; above = above.Holder)
        {
            if (ReferenceEquals(above, directory))
            {
                return Errno.Inval;
            }
        }

        return to.Node switch
        {
            null => Errno.Success,
            DirectoryNode { Count: > 0 } => Errno.NotEmpty,
            DirectoryNode => Errno.Success,
            _ => Errno.NotDir,
        };
    }

    private Errno WalkToName(ReadOnlySpan<char> path, out PathWalk walk) => PathWalk.To(node, path, LastLink.Name, out walk);

    // For what isn't a directory: a slash after a name that isn't there promises a directory that nobody makes.
    private Errno WalkToNewName(ReadOnlySpan<char> path, out PathWalk walk)
    {
        if (WalkToName(path, out walk) is not Errno.Success and var error)
        {
            return error;
        }

        return walk.Node is not null || walk.Name.IsEmpty ? Errno.Exist
            : walk.NeedsDirectory ? Errno.NoEnt
            : volume.IsReadOnly ? Errno.RoFs
            : Errno.Success;
    }
}
