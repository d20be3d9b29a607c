using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.LinearMemories.Linux;

/// <summary>The PAGEMAP_SCAN ioctl of Linux 6.7 and later: the kernel walks the page tables and lists what is asked for.</summary>
/// <remarks><see href="https://docs.kernel.org/admin-guide/mm/pagemap.html">The kernel on pagemap and PAGEMAP_SCAN</see></remarks>
internal static unsafe class PagemapScan
{
    private const nuint Request = 0xC0606610;      // _IOWR('f', 16, struct pm_scan_arg)
    private const ulong PageIsFile = 1 << 2;
    private const ulong PageIsPresent = 1 << 3;
    private const ulong PageIsSwapped = 1 << 4;
    private const ulong PageIsZeroFrame = 1 << 5;

    /// <inheritdoc cref="WrittenPages.Find"/>
    /// <remarks>The kernel allocates as many runs as are asked for, which costs: 128 and fewer are fast (measured).</remarks>
    public static int Find(int pagemap, byte* start, byte* end, PageRun* runs, int capacity, out byte* foundUntil)
    {
        var argument = new Argument
        {
            Size = (ulong)sizeof(Argument),
            Start = start,
            End = end,
            Vector = runs,
            VectorLength = (ulong)capacity,
            CategoryInverted = PageIsFile | PageIsZeroFrame,
            CategoryMask = PageIsFile | PageIsZeroFrame,
            CategoryAnyOfMask = PageIsPresent | PageIsSwapped,
            ReturnMask = PageIsPresent | PageIsSwapped,
        };
        int found = Libc.DeviceControl(pagemap, Request, &argument);
        foundUntil = argument.WalkEnd;
        return found;
    }

    /// <summary><c>struct pm_scan_arg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Argument
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
