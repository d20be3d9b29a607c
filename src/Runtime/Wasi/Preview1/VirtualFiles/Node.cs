using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>A file, directory or symbolic link of a virtual volume: an inode.</summary>
/// <param name="inode">Its number, unlike any other's in the volume.</param>
/// <param name="time">When it was made, in nanoseconds since 1970.</param>
internal abstract class Node(ulong inode, ulong time)
{
    /// <summary>Its number in the volume.</summary>
    public ulong Inode { get; } = inode;

    /// <summary>Its type.</summary>
    public abstract FileType Type { get; }

    /// <summary>Its length in bytes.</summary>
    public abstract ulong Size { get; }

    /// <summary>How many names it has.</summary>
    public int Links { get; set; }

    /// <summary>When it was last read, as far as the guest itself set it: reading a file doesn't, as with Linux's <c>noatime</c>.</summary>
    public ulong Accessed { get; set; } = time;

    /// <summary>When its contents were last changed.</summary>
    public ulong Modified { get; set; } = time;

    /// <summary>When it was last changed in any way.</summary>
    public ulong Changed { get; set; } = time;

    /// <summary>Its attributes.</summary>
    public FileStat Stat(ulong device) => new(device, Inode, Type, (ulong)Links, Size, Accessed, Modified, Changed);

    /// <summary>Notes that the contents changed.</summary>
    public void Touch(ulong now) => Modified = Changed = now;

    /// <summary>Sets what the guest asks for.</summary>
    public void SetTimes(ulong? accessed, ulong? modified, ulong now)
    {
        Accessed = accessed ?? Accessed;
        Modified = modified ?? Modified;
        Changed = now;
    }
}
