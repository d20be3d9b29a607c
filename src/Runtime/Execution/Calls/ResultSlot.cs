namespace HostService.Runtime.Execution.Calls;

/// <summary>Where a function leaves each of its results but the first; see <see cref="Store.Results"/>.</summary>
internal struct ResultSlot
{
    /// <summary>The bits of a number, or lanes 0 to 63 of a vector.</summary>
    public ulong Low;

    /// <summary>Bits 64 to 127 of a vector.</summary>
    public ulong High;

    /// <summary>The reference; whoever reads it sets it to null, so that a result keeps nothing alive.</summary>
    public object? Ref;
}
