using System.Runtime.InteropServices;

namespace HostService.Runtime.Execution.Interruption;

/// <summary>Where the current thread's stack ends.</summary>
internal static unsafe partial class StackBounds
{
    /// <summary>What is always kept below the limit of guests, for throwing, compiling and host code.</summary>
    // With 32 KiB left, a first call that has to be compiled dies (measured); 256 KiB leave room for that several times over.
    private const nuint Reserve = 256 << 10;

    [ThreadStatic]
    private static nuint s_lowest;

    /// <summary>The lowest address that a guest may reach which starts now and may use <paramref name="maxBytes"/>.</summary>
    public static nuint LimitFor(int maxBytes)
    {
        var marker = 0;
        var here = (nuint)(&marker);
        var floor = Lowest() + Reserve;
        return here < (nuint)maxBytes ? floor : Math.Max(here - (nuint)maxBytes, floor);
    }

    private static nuint Lowest()
    {
        if (s_lowest == 0)
        {
            s_lowest = OperatingSystem.IsLinux() ? LowestOnLinux() : OperatingSystem.IsWindows() ? LowestOnWindows() : Guess();
        }

        return s_lowest;
    }

    private static nuint LowestOnLinux()
    {
        // pthread_attr_t is opaque; 64 bytes hold it on every Linux the CLR runs on.
        var attributes = stackalloc ulong[16];
        if (pthread_getattr_np(pthread_self(), attributes) != 0)
        {
            return Guess();
        }

        nuint address, size;
        var failed = pthread_attr_getstack(attributes, &address, &size) != 0;
        _ = pthread_attr_destroy(attributes);
        return failed ? Guess() : address;
    }

    private static nuint LowestOnWindows()
    {
        nuint low, high;
        GetCurrentThreadStackLimits(&low, &high);
        return low;
    }

    // Half of the smallest stack that CLR threads have by default (1.5 MiB), counted from here.
    private static nuint Guess()
    {
        var marker = 0;
        return (nuint)(&marker) - (768 << 10);
    }

#pragma warning disable SA1300, IDE1006 // The names are the system's.
    [DllImport("libc", ExactSpelling = true)]
    private static extern nint pthread_self();

    [DllImport("libc", ExactSpelling = true)]
    private static extern int pthread_getattr_np(nint thread, void* attributes);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int pthread_attr_getstack(void* attributes, nuint* address, nuint* size);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int pthread_attr_destroy(void* attributes);
#pragma warning restore SA1300, IDE1006

    [DllImport("kernel32", ExactSpelling = true)]
    private static extern void GetCurrentThreadStackLimits(nuint* low, nuint* high);
}
