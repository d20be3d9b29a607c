namespace HostService.Runtime.Execution;

/// <summary>Translates IL offsets of compiled functions to offsets in the binary: one entry for each place where a call or a trap can happen.</summary>
/// <remarks>Immutable and thread-safe. Both offset columns ascend within a function, so a lookup is a binary search.</remarks>
/// <param name="starts">By function that is not imported, the index of its first entry; one more element than functions.</param>
/// <param name="ilOffsets">The IL offset just after the call or throw of each entry.</param>
/// <param name="wasmOffsets">The instruction of each entry, in bytes from the start of the binary.</param>
internal sealed class AddressMap(int[] starts, int[] ilOffsets, int[] wasmOffsets)
{
    public int[] Starts { get; } = starts;

    public int[] ILOffsets { get; } = ilOffsets;

    public int[] WasmOffsets { get; } = wasmOffsets;

    /// <summary>The first instruction recorded at or after an IL offset, which is where a frame that reports the start of its statement is.</summary>
    /// <param name="function">The function, counted without the imported ones.</param>
    /// <param name="ilOffset">As the CLR reports it.</param>
    /// <returns>The offset from the start of the binary, or −1 when the function has no entries.</returns>
    public int Find(int function, int ilOffset)
    {
        var (first, end) = (Starts[function], Starts[function + 1]);
        if (first == end)
        {
            return -1;
        }

        var found = Array.BinarySearch(ILOffsets, first, end - first, ilOffset);
        return WasmOffsets[Math.Min(found >= 0 ? found : ~found, end - 1)];
    }
}
