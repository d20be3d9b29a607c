using System.Text;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>What to do about a symbolic link at the end of a path. Links before the end are always followed.</summary>
internal enum LastLink
{
    /// <summary>Follow it.</summary>
    Follow,

    /// <summary>Stop at it, unless a slash after it asks for the directory behind it.</summary>
    Keep,

    /// <summary>Stop at it whatever comes after: the name itself is to be made, moved or removed.</summary>
    Name,
}

/// <summary>Where a path leads.</summary>
internal readonly ref struct PathWalk
{
    // As Linux has it (MAXSYMLINKS).
    private const int MaxLinks = 40;

    /// <summary>The directory that holds the last name.</summary>
    public DirectoryNode Parent { get; private init; }

    /// <summary>The last name; empty when the path ends in "." or "..".</summary>
    public ReadOnlySpan<char> Name { get; private init; }

    /// <summary>The entry of that name; null when there is none, or no name.</summary>
    public DirectoryEntry? Entry { get; private init; }

    /// <summary>What is there; null for nothing.</summary>
    public Node? Node { get; private init; }

    /// <summary>Whether the path ends in a slash, so that only a directory will do.</summary>
    public bool NeedsDirectory { get; private init; }

    /// <summary>Follows a path, name by name.</summary>
    /// <param name="start">Where it starts, and what it cannot leave.</param>
    /// <param name="path">The path.</param>
    /// <param name="last">What to do about a symbolic link at the end.</param>
    /// <param name="walk">Where it leads.</param>
    /// <returns>Success also when the last name isn't there; only what comes before it must be.</returns>
    public static Errno To(DirectoryNode start, ReadOnlySpan<char> path, LastLink last, out PathWalk walk)
    {
        walk = default;
        var (current, depth, links) = (start, 0, 0);
        while (true)
        {
            // Nothing outside the starting directory has a name here, so an absolute path, the guest's or a link's, leads nowhere.
            if (path[0] == '/')
            {
                return Errno.NotCapable;
            }

            var slash = path.IndexOf('/');
            var name = slash < 0 ? path : path[..slash];
            var rest = slash < 0 ? default : path[slash..].TrimStart('/');
            if (name is "." or "..")
            {
                if (name.Length == 2 && depth-- == 0)
                {
                    return Errno.NotCapable;
                }

                current = name.Length == 2 ? current.Parent : current;
                if (rest.IsEmpty)
                {
                    walk = new PathWalk { Parent = current.Parent, Node = current, NeedsDirectory = true };
                    return Errno.Success;
                }

                path = rest;
                continue;
            }

            if (Encoding.UTF8.GetByteCount(name) > GuestPath.MaxNameBytes)
            {
                return Errno.NameTooLong;
            }

            var entry = current.Find(name);
            if (entry?.Node is SymbolicLinkNode link && (!rest.IsEmpty || last == LastLink.Follow || (slash >= 0 && last == LastLink.Keep)))
            {
                // The link's target takes the place of the link.
                var length = link.Target.Length + path.Length - name.Length;
                if (++links > MaxLinks)
                {
                    return Errno.Loop;
                }

                if (length > GuestPath.MaxBytes)
                {
                    return Errno.NameTooLong;
                }

                path = string.Concat(link.Target, path[name.Length..]);
                continue;
            }

            if (rest.IsEmpty)
            {
                walk = new PathWalk { Parent = current, Name = name, Entry = entry, Node = entry?.Node, NeedsDirectory = slash >= 0 };
                return Errno.Success;
            }

            switch (entry?.Node)
            {
                case null:
                    return Errno.NoEnt;
                case DirectoryNode next:
                    current = next;
                    path = rest;
                    depth++;
                    break;
                default:
                    return Errno.NotDir;
            }
        }
    }

    /// <summary>What is there, or the error number that says why not.</summary>
    public Errno Require(out Node node)
    {
        node = Node!;
        return Node is null ? Errno.NoEnt : NeedsDirectory && Node is not DirectoryNode ? Errno.NotDir : Errno.Success;
    }
}
