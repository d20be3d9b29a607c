namespace HostService.Runtime.Execution.Signatures;

/// <summary>The ids that one owner, a module or a set of host functions, holds in the Engine's <see cref="SignatureRegistry"/>.</summary>
/// <remarks>Only the owner gives ids back, and only by disposing this. Reading is thread-safe; disposing twice does nothing.</remarks>
internal sealed class SignatureCollection : IDisposable
{
    private readonly SignatureRegistry _registry;
    private readonly int[] _ids;
    private SignatureRegistry.Group[]? _groups;

    internal SignatureCollection(SignatureRegistry registry, int[] ids, SignatureRegistry.Group[] groups) =>
        (_registry, _ids, _groups) = (registry, ids, groups);

    /// <summary>The canonical id of each type, by type index.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>The same ids as the array that instances share; never written.</summary>
    internal int[] SharedIds => _ids;

    /// <summary>Gives every id back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _groups, null) is { } groups)
        {
            _registry.Release(groups);
        }
    }
}
