namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>A memory's type, in the terms that its place depends on.</summary>
internal readonly record struct MemoryShape(ulong MinimumPages, ulong? MaximumPages, bool Is64, int PageSizeLog2, bool IsShared = false)
{
    public ulong PageBytes => 1UL << PageSizeLog2;

    /// <summary>The pages that no memory of this type passes: its maximum, or what its addresses and the result of <c>memory.size</c> can express.</summary>
    public ulong LimitPages
    {
        get
        {
            ulong addressable = Is64
                ? PageSizeLog2 == 0 ? ulong.MaxValue : 1UL << (64 - PageSizeLog2)
                : Math.Min(1UL << (32 - PageSizeLog2), uint.MaxValue);
            return MaximumPages is { } maximum ? Math.Min(maximum, addressable) : addressable;
        }
    }

    /// <summary><paramref name="pages"/> in bytes, or the largest number when that is more.</summary>
    public static ulong SaturatingBytes(ulong pages, int pageSizeLog2) =>
        pages > ulong.MaxValue >> pageSizeLog2 ? ulong.MaxValue : pages << pageSizeLog2;
}
