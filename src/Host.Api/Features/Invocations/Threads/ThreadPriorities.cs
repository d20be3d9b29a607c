using System.Runtime.InteropServices;

namespace HostService.Host.Features.Invocations.Threads;

/// <summary>The system's own priorities of threads. On Linux .NET's have no effect.</summary>
internal static class ThreadPriorities
{
    private const int OfThread = 0; // PRIO_PROCESS, which on Linux takes a thread's number

    // A tenth of the share that a thread of normal priority gets, and no say over when it gets it.
    private const int LowNice = 10;

    /// <summary>The system's number of the current thread, or 0 where there is none.</summary>
    public static int CurrentSystemId() => OperatingSystem.IsLinux() ? gettid() : 0;

    /// <summary>Gives a thread a low priority, which it can't lose again.</summary>
    public static void Lower(int systemId)
    {
        if (systemId != 0)
        {
            // When it fails, because the thread has ended or the system forbids it, all priorities are as they were.
            _ = setpriority(OfThread, systemId, LowNice);
        }
    }

#pragma warning disable SA1300, IDE1006 // The names are the system's.
    [DllImport("libc", ExactSpelling = true)]
    private static extern int gettid();

    [DllImport("libc", ExactSpelling = true)]
    private static extern int setpriority(int which, int who, int priority);
#pragma warning restore SA1300, IDE1006
}
