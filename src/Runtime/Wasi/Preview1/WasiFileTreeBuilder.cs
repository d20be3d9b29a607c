using System.Text;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.VirtualFiles;

namespace HostService.Runtime.Wasi.Preview1;

/// <summary>Makes a <see cref="WasiFileTree"/>. Not thread-safe.</summary>
public sealed class WasiFileTreeBuilder
{
    // A directory is a dictionary, a file its bytes, a link its target. Sorted, so that equal trees list and number their files alike.
    private readonly SortedDictionary<string, object> _root = new(StringComparer.Ordinal);

    /// <summary>Adds a directory, and those above it. Nothing happens if it is there.</summary>
    /// <param name="path">The path from the top, names separated by <c>/</c>.</param>
    /// <exception cref="ArgumentException">The path is empty, has a name that no file can have, or leads through something that isn't a directory.</exception>
    public WasiFileTreeBuilder AddDirectory(string path)
    {
        Descend(Names(path), path);
        return this;
    }

    /// <summary>Adds a file, and the directories above it.</summary>
    /// <param name="path">The path from the top, names separated by <c>/</c>.</param>
    /// <param name="bytes">The contents, which aren't copied and must not change.</param>
    /// <exception cref="ArgumentException">As for <see cref="AddDirectory"/>, or the name is there already.</exception>
    public WasiFileTreeBuilder AddFile(string path, ReadOnlyMemory<byte> bytes) => Add(path, bytes);

    /// <summary>Adds a symbolic link, and the directories above it.</summary>
    /// <param name="path">The path from the top, names separated by <c>/</c>.</param>
    /// <param name="target">Where it leads, from the directory that holds it. It need not exist; guests can't follow an absolute one.</param>
    /// <exception cref="ArgumentException">As for <see cref="AddFile"/>, or the target is empty or too long.</exception>
    public WasiFileTreeBuilder AddSymbolicLink(string path, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        if (Encoding.UTF8.GetByteCount(target) > GuestPath.MaxBytes)
        {
            throw new ArgumentException($"The target is longer than {GuestPath.MaxBytes} bytes.", nameof(target));
        }

        return Add(path, target);
    }

    /// <summary>Makes the tree of what was added so far.</summary>
    /// <param name="timestamp">The time that all of its files are stamped with; null for 1970-01-01.</param>
    public WasiFileTree Build(DateTimeOffset? timestamp = null)
    {
        ulong inodes = 0;
        var root = (TreeDirectory)Freeze(_root, ref inodes);
        return new WasiFileTree(root, inodes, timestamp ?? DateTimeOffset.UnixEpoch);
    }

    private static TreeNode Freeze(object item, ref ulong inodes)
    {
        var inode = ++inodes;
        switch (item)
        {
            case ReadOnlyMemory<byte> bytes:
                return new TreeFile(inode, bytes);
            case string target:
                return new TreeLink(inode, target);
            default:
                var items = (SortedDictionary<string, object>)item;
                var entries = new List<(string, TreeNode)>(items.Count);
                foreach (var (name, child) in items)
                {
                    entries.Add((name, Freeze(child, ref inodes)));
                }

                return new TreeDirectory(inode, [.. entries]);
        }
    }

    private static string[] Names(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var wrong = names.FirstOrDefault(name => name is "." or ".." || name.Contains('\0') || Encoding.UTF8.GetByteCount(name) > GuestPath.MaxNameBytes);
        return wrong is null ? names : throw new ArgumentException($"No file can be named \"{wrong}\", in \"{path}\".", nameof(path));
    }

    private WasiFileTreeBuilder Add(string path, object item)
    {
        var names = Names(path);
        if (names.Length == 0 || !Descend(names.AsSpan(..^1), path).TryAdd(names[^1], item))
        {
            throw new ArgumentException($"\"{path}\" is there already.", nameof(path));
        }

        return this;
    }

    private SortedDictionary<string, object> Descend(ReadOnlySpan<string> names, string path)
    {
        var directory = _root;
        foreach (var name in names)
        {
            if (!directory.TryGetValue(name, out var next))
            {
                directory.Add(name, next = new SortedDictionary<string, object>(StringComparer.Ordinal));
            }

            directory = next as SortedDictionary<string, object> ?? throw new ArgumentException($"\"{name}\" in \"{path}\" isn't a directory.", nameof(path));
        }

        return directory;
    }
}
