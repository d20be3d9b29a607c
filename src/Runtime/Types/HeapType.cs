namespace HostService.Runtime.Types;

/// <summary>A heap type: an abstract one, or a defined one by index or by canonical id.</summary>
/// <param name="Kind">Which heap type.</param>
/// <param name="Id">
/// For <see cref="HeapKind.Index"/> the type index, for <see cref="HeapKind.Canonical"/> the engine's id (0 to <see cref="MaxId"/>); otherwise 0.
/// </param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#heap-types">Spec: heap types</see></remarks>
public readonly record struct HeapType(HeapKind Kind, int Id = 0)
{
    /// <summary>The largest type index or canonical id that a heap type can carry.</summary>
    public const int MaxId = (1 << 22) - 1;

    /// <summary>Whether this names a defined type rather than an abstract one.</summary>
    public bool IsDefined => Kind is HeapKind.Index or HeapKind.Canonical;

    /// <summary>The text format's word for this heap type.</summary>
    public override string ToString() => Kind switch
    {
        HeapKind.Index => $"{Id}",
        HeapKind.Canonical => $"#{Id}",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
