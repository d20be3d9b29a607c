using System.Diagnostics;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <summary>Asks the kernel which pages of a private mapping were written since they were mapped.</summary>
/// <remarks>
/// A written page is anonymous, in memory or swapped out. Pages that were only read are the file's or the shared page of zeros; neither holds anybody's data.
/// Swapped pages must be asked for: without them what was swapped out would come back for the next user.
/// </remarks>
internal static unsafe class WrittenPages
{
    private static readonly int s_pagemap = OpenPagemap();

    private static readonly bool s_canScan = Probe(PageTracking.Scan);
    private static readonly bool s_hasEntries = Probe(PageTracking.Entries);

    /// <summary>The way to take in this process when <paramref name="wanted"/> is asked for.</summary>
    public static PageTracking Resolve(PageTracking wanted) => wanted switch
    {
        PageTracking.Automatic or PageTracking.Scan when s_canScan => PageTracking.Scan,
        PageTracking.Automatic or PageTracking.Entries when s_hasEntries => PageTracking.Entries,
        _ => PageTracking.None,
    };

    /// <summary>Finds runs of written pages from <paramref name="start"/> on, in order of their addresses.</summary>
    /// <param name="tracking">A way that <see cref="Resolve"/> gave, not <see cref="PageTracking.None"/>.</param>
    /// <param name="start">A page's start.</param>
    /// <param name="end">A page's start; pages from here on are not looked at.</param>
    /// <param name="runs">Where the runs go.</param>
    /// <param name="capacity">How many fit.</param>
    /// <param name="foundUntil">Where this ended: <paramref name="end"/>, or before it when there was more than fits.</param>
    /// <returns>How many runs were found, or −1 when the kernel refused.</returns>
    public static int Find(PageTracking tracking, byte* start, byte* end, PageRun* runs, int capacity, out byte* foundUntil) => tracking switch
    {
        PageTracking.Scan => PagemapScan.Find(s_pagemap, start, end, runs, capacity, out foundUntil),
        PageTracking.Entries => PagemapEntries.Find(s_pagemap, start, end, runs, capacity, out foundUntil),
        _ => throw new UnreachableException(),
    };

    private static int OpenPagemap()
    {
        if (!OperatingSystem.IsLinux())
            return -1;
        fixed (byte* path = "/proc/self/pagemap\0"u8)
            return Libc.Open(path, Libc.OpenReadCloseOnExec, 0);
    }

    /// <summary>Two pages that were never touched, and between them one that was written: it alone may be reported.</summary>
    private static bool Probe(PageTracking tracking)
    {
        int pageBytes = Environment.SystemPageSize;
        if (s_pagemap < 0)
            return false;
        var pages = (byte*)Libc.Map(null, (nuint)(3 * pageBytes), Libc.ProtReadWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        if (pages == Libc.MapFailed)
            return false;
        Volatile.Write(ref pages[pageBytes], 1);
        PageRun* runs = stackalloc PageRun[3];
        int found = Find(tracking, pages, pages + (3 * pageBytes), runs, 3, out byte* foundUntil);
        bool right = found == 1 && runs[0].Start == pages + pageBytes && runs[0].End == pages + (2 * pageBytes) && foundUntil == pages + (3 * pageBytes);
        Libc.Unmap(pages, (nuint)(3 * pageBytes));
        return right;
    }
}
