namespace HostService.Runtime.Execution.Tables;

/// <summary>Holds one reference. Arrays of it need no covariance check on a store, unlike arrays of <see cref="object"/>.</summary>
internal struct RefSlot
{
    /// <summary>Null, or the reference.</summary>
    public object? Value;
}
