using System.Runtime.CompilerServices;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <summary>The entries of <c>/proc/self/pagemap</c>, one word for each page, for kernels before 6.7.</summary>
/// <remarks>
/// An entry does not tell the shared page of zeros, which a read of an untouched page maps, from a written page. (The bit for "mapped here only" would, but
/// not while a child process is being started, when written pages are shared for a moment.) So runs found here are not certain.
/// <see href="https://docs.kernel.org/admin-guide/mm/pagemap.html">The kernel on pagemap</see>
/// </remarks>
internal static unsafe class PagemapEntries
{
    /// <summary>Pages looked at in one call: 2 MiB of pages of 4 KiB.</summary>
    private const int PagesPerCall = 512;

    private const int PresentOrSwappedShift = 62;       // bit 63: present, bit 62: swapped
    private const ulong IsFile = 1UL << 61;

    /// <inheritdoc cref="WrittenPages.Find"/>
    [SkipLocalsInit]
    public static int Find(int pagemap, byte* start, byte* end, PageRun* runs, int capacity, out byte* foundUntil)
    {
        ulong* entries = stackalloc ulong[PagesPerCall];
        nuint pageBytes = (nuint)Environment.SystemPageSize;
        int pages = (int)Math.Min((nuint)(end - start) / pageBytes, PagesPerCall);
        nint wantedBytes = pages * sizeof(ulong);
        if (Libc.ReadAt(pagemap, entries, (nuint)wantedBytes, (nint)((nuint)start / pageBytes * sizeof(ulong))) != wantedBytes)
        {
            foundUntil = start;
            return -1;
        }

        int found = 0;
        for (int page = 0; page < pages; page++)
        {
            // Most pages of a memory are untouched, and their entries zero.
            int untouched = new ReadOnlySpan<ulong>(entries + page, pages - page).IndexOfAnyExcept(0UL);
            if (untouched < 0)
                break;
            page += untouched;
            if (!IsWritten(entries[page]))
                continue;
            if (found == capacity)
            {
                foundUntil = start + ((nuint)page * pageBytes);
                return found;
            }

            int first = page;
            while (page + 1 < pages && IsWritten(entries[page + 1]))
                page++;
            runs[found++] = new PageRun { Start = start + ((nuint)first * pageBytes), End = start + ((nuint)(page + 1) * pageBytes) };
        }

        foundUntil = start + ((nuint)pages * pageBytes);
        return found;
    }

    private static bool IsWritten(ulong entry) => entry >> PresentOrSwappedShift != 0 && (entry & IsFile) == 0;
}
