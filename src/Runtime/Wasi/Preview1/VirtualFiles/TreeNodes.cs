using System.Collections.Frozen;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>A node of a tree that Stores share. Immutable.</summary>
/// <param name="Inode">Its number, which its copies in Stores have too.</param>
/// <param name="Type">Its type.</param>
internal abstract record TreeNode(ulong Inode, FileType Type);

/// <summary>A shared file.</summary>
internal sealed record TreeFile(ulong Inode, ReadOnlyMemory<byte> Bytes) : TreeNode(Inode, FileType.RegularFile);

/// <summary>A shared symbolic link.</summary>
internal sealed record TreeLink(ulong Inode, string Target) : TreeNode(Inode, FileType.SymbolicLink);

/// <summary>A shared directory.</summary>
internal sealed record TreeDirectory : TreeNode
{
    private readonly FrozenDictionary<string, int> _places;

    public TreeDirectory(ulong inode, (string Name, TreeNode Node)[] entries)
        : base(inode, FileType.Directory)
    {
        Entries = entries;
        _places = entries.Select((entry, place) => (entry.Name, place)).ToFrozenDictionary(pair => pair.Name, pair => pair.place, StringComparer.Ordinal);
    }

    /// <summary>The entries; their order never changes.</summary>
    public (string Name, TreeNode Node)[] Entries { get; }

    /// <summary>The place of a name in <see cref="Entries"/>.</summary>
    public bool TryFind(ReadOnlySpan<char> name, out int place) => _places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out place);
}
