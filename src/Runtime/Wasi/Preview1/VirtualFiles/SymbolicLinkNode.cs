using System.Text;
using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>A symbolic link. Where it leads is judged when it is followed, not when it is made.</summary>
internal sealed class SymbolicLinkNode(ulong inode, ulong time, string target) : Node(inode, time)
{
    /// <summary>The path it stands for.</summary>
    public string Target { get; } = target;

    /// <inheritdoc/>
    public override FileType Type => FileType.SymbolicLink;

    /// <inheritdoc/>
    public override ulong Size => (ulong)Encoding.UTF8.GetByteCount(Target);
}
