using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Descriptors;

/// <summary>A descriptor of a directory. Paths are relative to it and cannot leave it.</summary>
internal abstract class DirectoryDescriptor(Rights rights, Rights inheriting, FdFlags flags) : Descriptor(FileType.Directory, rights, inheriting, flags)
{
    /// <summary>Opens what a path leads to.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a symbolic link at its end is followed.</param>
    /// <param name="how">What to do when it is there, and when it isn't.</param>
    /// <param name="rights">The rights of the new descriptor; those that mean nothing for its type are dropped.</param>
    /// <param name="inheriting">What it passes on.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="opened">The new descriptor.</param>
    public abstract Errno Open(ReadOnlySpan<char> path, bool follow, OFlags how, Rights rights, Rights inheriting, FdFlags flags, out Descriptor? opened);

    /// <summary>The attributes of what a path leads to.</summary>
    public abstract Errno GetStat(ReadOnlySpan<char> path, bool follow, out FileStat stat);

    /// <summary>Sets timestamps of what a path leads to; null leaves one as it is.</summary>
    public abstract Errno SetTimes(ReadOnlySpan<char> path, bool follow, ulong? accessed, ulong? modified);

    /// <summary>Makes a directory.</summary>
    public abstract Errno CreateDirectory(ReadOnlySpan<char> path);

    /// <summary>Removes an empty directory.</summary>
    public abstract Errno RemoveDirectory(ReadOnlySpan<char> path);

    /// <summary>Removes a name that isn't a directory's.</summary>
    public abstract Errno UnlinkFile(ReadOnlySpan<char> path);

    /// <summary>Makes a symbolic link.</summary>
    public abstract Errno CreateSymbolicLink(ReadOnlySpan<char> target, ReadOnlySpan<char> path);

    /// <summary>What a symbolic link leads to, in UTF-8; cut to the buffer.</summary>
    public abstract Errno ReadLink(ReadOnlySpan<char> path, Span<byte> buffer, out int count);

    /// <summary>Gives a file another name.</summary>
    public abstract Errno Link(ReadOnlySpan<char> path, DirectoryDescriptor newDirectory, ReadOnlySpan<char> newPath);

    /// <summary>Moves a name, replacing what is there.</summary>
    public abstract Errno Rename(ReadOnlySpan<char> path, DirectoryDescriptor newDirectory, ReadOnlySpan<char> newPath);

    /// <summary>Gives entries to a listing, from a cookie on.</summary>
    public abstract Errno List(ulong cookie, ref DirectoryListing listing);
}
