namespace HostService.Runtime.Types;

/// <summary>The type of a linear memory.</summary>
/// <param name="Limits">Its size in pages of <c>2^PageSizeLog2</c> bytes.</param>
/// <param name="Is64">Whether its addresses are <c>i64</c> (memory64) rather than <c>i32</c>.</param>
/// <param name="IsShared">Whether threads may share it (threads proposal).</param>
/// <param name="PageSizeLog2">The base-2 logarithm of its page size: 16 (64 KiB) unless the module uses the custom-page-sizes proposal, then also 0.</param>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/types.html#memory-types">Spec: memory types</see></remarks>
public sealed record MemoryType(Limits Limits, bool Is64 = false, bool IsShared = false, int PageSizeLog2 = 16)
{
    /// <summary>The type of this memory's addresses: <c>i32</c> or <c>i64</c>.</summary>
    public ValueType AddressType => Is64 ? ValueType.I64 : ValueType.I32;

    /// <summary>The text format's form, such as <c>(memory i64 1 2)</c>.</summary>
    public override string ToString() =>
        $"(memory {(Is64 ? "i64 " : "")}{Limits}{(IsShared ? " shared" : "")}{(PageSizeLog2 == 16 ? "" : $" (pagesize {1 << PageSizeLog2})")})";
}
