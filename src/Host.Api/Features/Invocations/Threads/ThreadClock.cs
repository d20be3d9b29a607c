using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;

namespace HostService.Host.Features.Invocations.Threads;

/// <summary>The processor time that the current thread has used.</summary>
internal static unsafe class ThreadClock
{
    private const int OfCurrentThread = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Processor time of the current thread, without what the CLR spent on compiling: that depends on who called a function first, and is not the guest's doing.</summary>
    /// <remarks>Where the system has no such clock it is time itself, which is never less.</remarks>
    public static TimeSpan Now() => Total() - JitInfo.GetCompilationTime(currentThread: true);

    private static TimeSpan Total()
    {
        Timespec now;
        return OperatingSystem.IsLinux() && clock_gettime(OfCurrentThread, &now) == 0
            ? new TimeSpan((now.Seconds * TimeSpan.TicksPerSecond) + (now.Nanoseconds / TimeSpan.NanosecondsPerTick))
            : Stopwatch.GetElapsedTime(0);
    }

#pragma warning disable SA1300, IDE1006 // The name is the system's.
    [DllImport("libc", ExactSpelling = true)]
    private static extern int clock_gettime(int clock, Timespec* now);
#pragma warning restore SA1300, IDE1006

    // As on all 64-bit systems.
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
