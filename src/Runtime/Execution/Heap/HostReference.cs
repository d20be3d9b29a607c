namespace HostService.Runtime.Execution.Heap;

/// <summary>An external reference seen as a reference of the internal hierarchy, by <c>any.convert_extern</c>.</summary>
/// <remarks>A host's object may be of any class, also an array; wrapped, it can't be taken for a structure or an array of a guest.</remarks>
internal sealed class HostReference(object value)
{
    /// <summary>The host's object.</summary>
    public object Value { get; } = value;
}
