namespace HostService.Runtime.Debugging;

/// <summary>Searches in addresses that ascend.</summary>
internal static class AscendingAddresses
{
    /// <summary>The place of the first address that is not below another; behind the last one when all are.</summary>
    public static int FirstFrom(this ReadOnlySpan<ulong> addresses, ulong address)
    {
        // Mostly everything is elsewhere: two comparisons say so.
        if (addresses.Length == 0 || address > addresses[^1])
        {
            return addresses.Length;
        }

        var (low, high) = (0, addresses.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (addresses[middle] < address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
