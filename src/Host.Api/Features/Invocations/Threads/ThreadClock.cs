using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;

namespace HostService.Host.Features.Invocations.Threads;

/// <summary>The processor time that the current thread has used.</summary>
internal static unsafe class ThreadClock
{
    private const int OfCurrentThread = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Processor time of the current thread, without what the CLR spent on compiling: that depends on who called a function first, and is not the guest's doing.</summary>
    /// <remarks>
    /// The CLR measures its compiling in time on the clock, so the difference of two readings can come out too small, even negative, when the machine is busy; never too
    /// large. Where the system has no such clock it is time itself, which is never less.
    /// </remarks>
    public static TimeSpan Now() => Total() - JitInfo.GetCompilationTime(currentThread: true);

    /// <summary>The processor time that another thread of this process has used; 0 where that can't be told.</summary>
    /// <param name="systemId">The system's number of the thread, which must not have ended.</param>
    // How Linux makes the number of a clock from that of a thread: CPUCLOCK_PERTHREAD_MASK | CPUCLOCK_SCHED.
    public static TimeSpan Of(int systemId) => systemId != 0 ? Read((~systemId << 3) | 6) ?? TimeSpan.Zero : TimeSpan.Zero;

    private static TimeSpan Total() => (OperatingSystem.IsLinux() ? Read(OfCurrentThread) : null) ?? Stopwatch.GetElapsedTime(0);

    private static TimeSpan? Read(int clock)
    {
        Timespec now;
        return clock_gettime(clock, &now) == 0 ? new TimeSpan((now.Seconds * TimeSpan.TicksPerSecond) + (now.Nanoseconds / TimeSpan.NanosecondsPerTick)) : null;
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
