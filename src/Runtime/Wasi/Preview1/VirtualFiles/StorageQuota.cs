using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>What the virtual files of one context may take up, all volumes together.</summary>
internal sealed class StorageQuota(WasiLimits limits)
{
    private long _bytes;
    private int _entries;

    /// <summary>The bytes in use.</summary>
    public long Bytes => _bytes;

    /// <summary>The names in use.</summary>
    public int Entries => _entries;

    /// <summary>How many more bytes there is room for.</summary>
    public long FreeBytes => limits.MaxFileBytes - _bytes;

    /// <summary>Takes bytes, all or none.</summary>
    public Errno TakeBytes(long bytes)
    {
        if (bytes > FreeBytes)
        {
            return Errno.NoSpc;
        }

        _bytes += bytes;
        return Errno.Success;
    }

    /// <summary>Gives bytes back.</summary>
    public void GiveBytes(long bytes) => _bytes -= bytes;

    /// <summary>Takes room for a name.</summary>
    public Errno TakeEntry()
    {
        if (_entries >= limits.MaxFiles)
        {
            return Errno.NoSpc;
        }

        _entries++;
        return Errno.Success;
    }

    /// <summary>Gives the room for a name back.</summary>
    public void GiveEntry() => _entries--;
}
