using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <summary>Asks the kernel which pages of a range were written since they were mapped: the PAGEMAP_SCAN ioctl of Linux 6.7 and later.</summary>
/// <remarks>
/// A written page of a private mapping is anonymous, in memory or swapped out. Pages that were only read are the file's (FILE) or the shared zero page
/// (PFNZERO); neither holds anybody's data. Swapped pages must be asked for: without them what was swapped out would come back for the next user.
/// <see href="https://docs.kernel.org/admin-guide/mm/pagemap.html">The kernel on pagemap and PAGEMAP_SCAN</see>
/// </remarks>
internal static unsafe class WrittenPages
{
    private const nuint PagemapScan = 0xC0606610;      // _IOWR('f', 16, struct pm_scan_arg)
    private const ulong PageIsFile = 1 << 2;
    private const ulong PageIsPresent = 1 << 3;
    private const ulong PageIsSwapped = 1 << 4;
    private const ulong PageIsZeroFrame = 1 << 5;

    private static readonly int s_pagemap = OpenPagemap();

    /// <summary>Whether this kernel answers, and rightly. Tried once.</summary>
    public static bool CanFind { get; } = s_pagemap >= 0 && Probe();

    /// <summary>Finds runs of written pages from <paramref name="start"/> on, in order of their addresses.</summary>
    /// <param name="start">A page's start.</param>
    /// <param name="end">A page's start; pages from here on are not looked at.</param>
    /// <param name="runs">Where the runs go.</param>
    /// <param name="capacity">How many fit. The kernel allocates as many, which costs: 128 and fewer are fast (measured).</param>
    /// <param name="scannedEnd">Where the scan ended: <paramref name="end"/>, or before it when the runs did not fit.</param>
    /// <returns>How many runs were found, or −1 when the kernel refused.</returns>
    public static int Find(byte* start, byte* end, PageRun* runs, int capacity, out byte* scannedEnd)
    {
        var argument = new ScanArgument
        {
            Size = (ulong)sizeof(ScanArgument),
            Start = start,
            End = end,
            Vector = runs,
            VectorLength = (ulong)capacity,
            CategoryInverted = PageIsFile | PageIsZeroFrame,
            CategoryMask = PageIsFile | PageIsZeroFrame,
            CategoryAnyOfMask = PageIsPresent | PageIsSwapped,
            ReturnMask = PageIsPresent | PageIsSwapped,
        };
        int found = Libc.DeviceControl(s_pagemap, PagemapScan, &argument);
        scannedEnd = argument.WalkEnd;
        return found;
    }

    private static int OpenPagemap()
    {
        if (!OperatingSystem.IsLinux())
            return -1;
        fixed (byte* path = "/proc/self/pagemap\0"u8)
            return Libc.Open(path, Libc.OpenReadCloseOnExec, 0);
    }

    /// <summary>A page written, one read and one never touched: only the first may be reported.</summary>
    private static bool Probe()
    {
        int pageBytes = Environment.SystemPageSize;
        byte* pages = (byte*)Libc.Map(null, (nuint)(3 * pageBytes), Libc.ProtReadWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        if (pages == Libc.MapFailed)
            return false;
        Volatile.Write(ref pages[pageBytes], 1);
        _ = Volatile.Read(ref pages[0]);
        PageRun* runs = stackalloc PageRun[3];
        int found = Find(pages, pages + (3 * pageBytes), runs, 3, out byte* scannedEnd);
        bool right = found == 1 && runs[0].Start == pages + pageBytes && runs[0].End == pages + (2 * pageBytes) && scannedEnd == pages + (3 * pageBytes);
        Libc.Unmap(pages, (nuint)(3 * pageBytes));
        return right;
    }

    /// <summary><c>struct page_region</c>: pages of equal categories, one after another.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PageRun
    {
        public byte* Start;
        public byte* End;
        public ulong Categories;
    }

    /// <summary><c>struct pm_scan_arg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ScanArgument
    {
        public ulong Size;
        public ulong Flags;
        public byte* Start;
        public byte* End;
        public byte* WalkEnd;
        public PageRun* Vector;
        public ulong VectorLength;
        public ulong MaximumPages;
        public ulong CategoryInverted;
        public ulong CategoryMask;
        public ulong CategoryAnyOfMask;
        public ulong ReturnMask;
    }
}
