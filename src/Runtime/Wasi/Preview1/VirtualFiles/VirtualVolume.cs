using System.Diagnostics;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>One virtual file system of a context: a tree of nodes with numbers of their own.</summary>
/// <remarks>Why it is virtual, and shaped this way: see docs/adr/0005.</remarks>
internal sealed class VirtualVolume
{
    private readonly TimeProvider _time;
    private readonly ulong _sharedTime;
    private readonly ulong _lastSharedInode;
    private ulong _lastInode;

    /// <summary>Makes a volume.</summary>
    /// <param name="device">Its number, unlike any other's in the context.</param>
    /// <param name="tree">What it holds at first; null for nothing.</param>
    /// <param name="isReadOnly">Whether guests may only read.</param>
    /// <param name="quota">What it may take up.</param>
    /// <param name="time">What timestamps are taken from.</param>
    public VirtualVolume(ulong device, WasiFileTree? tree, bool isReadOnly, StorageQuota quota, TimeProvider time)
    {
        (Device, IsReadOnly, Quota, _time) = (device, isReadOnly, quota, time);
        _sharedTime = tree?.Timestamp ?? Now;
        _lastInode = _lastSharedInode = tree?.LastInode ?? 1;
        Root = new DirectoryNode(tree?.Root.Inode ?? 1, _sharedTime, null, this, tree?.Root) { Links = 1 };
    }

    /// <summary>The volume's number.</summary>
    public ulong Device { get; }

    /// <summary>Whether guests may only read.</summary>
    public bool IsReadOnly { get; }

    /// <summary>What it may take up.</summary>
    public StorageQuota Quota { get; }

    /// <summary>The directory at the top.</summary>
    public DirectoryNode Root { get; }

    /// <summary>The time in nanoseconds since 1970.</summary>
    public ulong Now => UnixTime.Of(_time.GetUtcNow());

    /// <summary>Makes an empty file.</summary>
    public FileNode CreateFile() => new(++_lastInode, Now, default);

    /// <summary>Makes an empty directory.</summary>
    public DirectoryNode CreateDirectory(DirectoryNode parent) => new(++_lastInode, Now, parent, this, null);

    /// <summary>Makes a symbolic link.</summary>
    public SymbolicLinkNode CreateLink(string target) => new(++_lastInode, Now, target);

    /// <summary>This Store's view of a shared node.</summary>
    public Node Materialize(TreeNode node, DirectoryNode parent) => node switch
    {
        TreeFile file => new FileNode(file.Inode, _sharedTime, file.Bytes) { Links = 1 },
        TreeDirectory directory => new DirectoryNode(directory.Inode, _sharedTime, parent, this, directory) { Links = 1 },
        TreeLink link => new SymbolicLinkNode(link.Inode, _sharedTime, link.Target) { Links = 1 },
        _ => throw new UnreachableException(node.GetType().Name),
    };

    /// <summary>Adds a name to a directory, within the quota.</summary>
    public Errno Add(DirectoryNode directory, ReadOnlySpan<char> name, Node node)
    {
        if (directory.IsRemoved)
        {
            return Errno.NoEnt;
        }

        if (Quota.TakeEntry() is not Errno.Success and var error)
        {
            return error;
        }

        directory.Add(name.ToString(), node);
        directory.Touch(Now);
        node.Changed = Now;
        return Errno.Success;
    }

    /// <summary>Takes a name away, and with the last one the file unless it is open.</summary>
    public void Remove(DirectoryNode directory, DirectoryEntry entry)
    {
        if (directory.Owns(entry))
        {
            Quota.GiveEntry();
        }

        directory.Remove(entry);
        directory.Touch(Now);
        entry.Node.Changed = Now;
        DiscardIfUnused(entry.Node);
        if (entry.Node is DirectoryNode { Links: 0 } removed)
        {
            removed.IsRemoved = true;
        }
    }

    /// <summary>Moves a name, in place of the one that is there if any.</summary>
    public Errno Move(DirectoryNode from, DirectoryEntry entry, DirectoryNode to, DirectoryEntry? replaced, ReadOnlySpan<char> name)
    {
        // A shared name wasn't counted; the new one is.
        if (!from.Owns(entry) && Quota.TakeEntry() is not Errno.Success and var error)
        {
            return error;
        }

        if (replaced is not null)
        {
            Remove(to, replaced);
        }

        from.Remove(entry);
        to.Add(name.ToString(), entry.Node);
        from.Touch(Now);
        to.Touch(Now);
        entry.Node.Changed = Now;
        if (entry.Node is DirectoryNode moved)
        {
            moved.Holder = to;
        }

        return Errno.Success;
    }

    /// <summary>Frees what neither a name nor a descriptor leads to any more.</summary>
    public void DiscardIfUnused(Node node)
    {
        if (node is FileNode { Links: 0, OpenCount: 0 } file)
        {
            file.Discard(Quota);
        }
        else if (node is SymbolicLinkNode { Links: 0 } link)
        {
            Quota.GiveBytes(ChargedFor(link));
        }
    }

    // Shared links cost nothing.
    private long ChargedFor(SymbolicLinkNode link) => link.Inode > _lastSharedInode ? (long)link.Size : 0;
}
