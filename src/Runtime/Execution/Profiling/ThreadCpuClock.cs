using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>The processor time of the current thread.</summary>
internal static unsafe partial class ThreadCpuClock
{
    private const int OfCurrentThread = 3; // CLOCK_THREAD_CPUTIME_ID on Linux

    /// <summary>The processor time that the current thread has used; null on systems that are not asked for it.</summary>
    public static TimeSpan? Now()
    {
        Timespec now;
        return OperatingSystem.IsLinux() && Environment.Is64BitProcess && GetTime(OfCurrentThread, &now) == 0
            ? new TimeSpan((now.Seconds * TimeSpan.TicksPerSecond) + (now.Nanoseconds / TimeSpan.NanosecondsPerTick))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, Timespec* now);

    // As on all 64-bit systems.
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
