using HostService.Runtime.Wasi.Preview1.VirtualFiles;

namespace HostService.Runtime.Wasi.Preview1;

/// <summary>Files, directories and symbolic links for guests to start with. Immutable and thread-safe: any number of Stores share one and copy only what they change.</summary>
public sealed class WasiFileTree
{
    internal WasiFileTree(TreeDirectory root, ulong lastInode, DateTimeOffset timestamp) =>
        (Root, LastInode, Timestamp) = (root, lastInode, UnixTime.Of(timestamp));

    internal TreeDirectory Root { get; }

    internal ulong LastInode { get; }

    internal ulong Timestamp { get; }
}
