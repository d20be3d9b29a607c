using System.Collections;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>A directory: names of this guest, over those of a shared directory that nobody changes.</summary>
/// <remarks>
/// An entry of the shared directory becomes a node of this Store when it is first looked up. Every entry has a cookie that is never reused and listings
/// go by cookie, so a guest that removes files while it lists them misses none and sees none twice.
/// </remarks>
internal sealed class DirectoryNode(ulong inode, ulong time, DirectoryNode? parent, VirtualVolume volume, TreeDirectory? shared) : Node(inode, time)
{
    // Cookies 0 and 1 are "." and "..", then come the shared entries, then the guest's own.
    private const ulong FirstCookie = 2;

    private readonly ulong _firstOwnCookie = FirstCookie + (ulong)(shared?.Entries.Length ?? 0);
    private Dictionary<string, DirectoryEntry>? _entries;
    private List<(ulong Cookie, DirectoryEntry? Entry)>? _own;
    private BitArray? _removedShared;
    private ulong _nextCookie = FirstCookie + (ulong)(shared?.Entries.Length ?? 0);
    private int _removedOwn;

    /// <inheritdoc/>
    public override FileType Type => FileType.Directory;

    /// <inheritdoc/>
    public override ulong Size => 0;

    /// <summary>The directory that holds it; itself for the root of a volume.</summary>
    public DirectoryNode Parent => Holder ?? this;

    /// <summary>The directory that holds it; null for a root.</summary>
    public DirectoryNode? Holder { get; set; } = parent;

    /// <summary>Whether it was removed while it was open: nothing can be made in it any more.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>How many names there are.</summary>
    public int Count { get; private set; } = shared?.Entries.Length ?? 0;

    /// <summary>What a name stands for.</summary>
    public DirectoryEntry? Find(ReadOnlySpan<char> name)
    {
        if (_entries is not null && _entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var entry))
        {
            return entry;
        }

        if (shared is null || !shared.TryFind(name, out var index) || (_removedShared?[index] ?? false))
        {
            return null;
        }

        var original = shared.Entries[index];
        entry = new DirectoryEntry(original.Name, volume.Materialize(original.Node, this), FirstCookie + (ulong)index);
        (_entries ??= []).Add(original.Name, entry);
        return entry;
    }

    /// <summary>Adds a name that isn't there. The quota must have been asked.</summary>
    public void Add(string name, Node node)
    {
        var entry = new DirectoryEntry(name, node, _nextCookie++);
        (_entries ??= []).Add(name, entry);
        (_own ??= []).Add((entry.Cookie, entry));
        node.Links++;
        Count++;
    }

    /// <summary>Whether this guest made a name, so that the quota counts it.</summary>
    public bool Owns(DirectoryEntry entry) => entry.Cookie >= _firstOwnCookie;

    /// <summary>Takes a name away.</summary>
    public void Remove(DirectoryEntry entry)
    {
        _entries!.Remove(entry.Name);
        entry.Node.Links--;
        Count--;
        if (!Owns(entry))
        {
            _removedShared ??= new BitArray(shared!.Entries.Length);
            _removedShared[(int)(entry.Cookie - FirstCookie)] = true;
            return;
        }

        _own![FirstAt(entry.Cookie)] = (entry.Cookie, null);
        if (++_removedOwn > _own.Count / 2)
        {
            _own.RemoveAll(slot => slot.Entry is null);
            _removedOwn = 0;
        }
    }

    /// <summary>Gives the entries from a cookie on to a listing.</summary>
    public void List(ulong cookie, ref DirectoryListing listing)
    {
        if ((cookie > 0 || listing.Add(1, Inode, FileType.Directory, "."))
            && (cookie > 1 || listing.Add(FirstCookie, Parent.Inode, FileType.Directory, ".."))
            && ListShared(cookie, ref listing))
        {
            ListOwn(cookie, ref listing);
        }
    }

    private bool ListShared(ulong cookie, ref DirectoryListing listing)
    {
        for (var next = Math.Max(cookie, FirstCookie); next < _firstOwnCookie; next++)
        {
            var index = (int)(next - FirstCookie);
            var (name, node) = shared!.Entries[index];
            if (!(_removedShared?[index] ?? false) && !listing.Add(next + 1, node.Inode, node.Type, name))
            {
                return false;
            }
        }

        return true;
    }

    private void ListOwn(ulong cookie, ref DirectoryListing listing)
    {
        for (var i = FirstAt(cookie); i < (_own?.Count ?? 0); i++)
        {
            if (_own![i] is (var own, { } entry) && !listing.Add(own + 1, entry.Node.Inode, entry.Node.Type, entry.Name))
            {
                return;
            }
        }
    }

    // Cookies only grow along the list.
    private int FirstAt(ulong cookie)
    {
        var (low, high) = (0, _own?.Count ?? 0);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _own![middle].Cookie < cookie ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
