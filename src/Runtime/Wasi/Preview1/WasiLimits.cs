namespace HostService.Runtime.Wasi.Preview1;

/// <summary>What a guest may use through WASI. Immutable and thread-safe; one object serves any number of contexts.</summary>
public sealed record WasiLimits
{
    /// <summary>The limits of a context that is given none.</summary>
    public static WasiLimits Default { get; } = new();

    /// <summary>The most bytes that the guest's virtual files may have together, holes included; beyond it a guest sees ENOSPC. Default: 64 MiB, 0 or more.</summary>
    /// <remarks>These bytes are managed memory of the host and come on top of the guest's linear memory. Files of a <see cref="WasiFileTree"/> count from when the guest writes them.</remarks>
    public long MaxFileBytes { get; init; } = 64L << 20;

    /// <summary>How many names the guest may make in virtual directories; beyond it a guest sees ENOSPC. Default: 16,384, 0 or more.</summary>
    /// <remarks>An empty file costs the host about half a kilobyte, so the default bounds those to 8 MiB. It is the limit on inodes too: each has at least one name.</remarks>
    public int MaxFiles { get; init; } = 16_384;

    /// <summary>How many descriptors may be open at once, the standard streams and preopened directories included; beyond it a guest sees EMFILE. Default: 1,024, the usual limit of Linux.</summary>
    public int MaxDescriptors { get; init; } = 1_024;
}
