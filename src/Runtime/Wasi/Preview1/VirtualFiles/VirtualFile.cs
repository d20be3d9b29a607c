using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.Descriptors;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>An open virtual file.</summary>
internal sealed class VirtualFile : RandomAccessDescriptor
{
    private readonly VirtualVolume _volume;
    private readonly FileNode _node;

    public VirtualFile(VirtualVolume volume, FileNode node, Rights rights, FdFlags flags)
        : base(rights, flags)
    {
        (_volume, _node) = (volume, node);
        node.OpenCount++;
    }

    /// <inheritdoc/>
    public override Errno GetStat(out FileStat stat)
    {
        stat = _node.Stat(_volume.Device);
        return Errno.Success;
    }

    /// <inheritdoc/>
    public override Errno SetTimes(ulong? accessed, ulong? modified)
    {
        if (_volume.IsReadOnly)
        {
            return Errno.RoFs;
        }

        _node.SetTimes(accessed, modified, _volume.Now);
        return Errno.Success;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _node.OpenCount--;
        _volume.DiscardIfUnused(_node);
    }

    /// <inheritdoc/>
    protected override Errno TryGetLength(out long length)
    {
        length = _node.Length;
        return Errno.Success;
    }

    /// <inheritdoc/>
    protected override Errno ReadCore(long position, Span<byte> buffer, out int count)
    {
        count = _node.Read(position, buffer);
        return Errno.Success;
    }

    /// <inheritdoc/>
    protected override Errno WriteCore(long position, ReadOnlySpan<byte> bytes, out int count)
    {
        var error = _node.Write(position, bytes, _volume.Quota, out count);
        return Changed(error, count > 0);
    }

    /// <inheritdoc/>
    protected override Errno AllocateCore(long offset, long length) => offset + length > _node.Length ? SetLength(offset + length) : Errno.Success;

    /// <inheritdoc/>
    protected override Errno SetLength(long length)
    {
        var error = _node.SetLength(length, _volume.Quota);
        return Changed(error, error == Errno.Success);
    }

    private Errno Changed(Errno error, bool changed)
    {
        if (changed)
        {
            _node.Touch(_volume.Now);
        }

        return error;
    }
}
