using System.Runtime.CompilerServices;

namespace HostService.Runtime.Benchmarks.Measuring;

/// <summary>Work of which two threads share nothing but the machine: what they do together at best.</summary>
internal static class UnsharedWork
{
    // A store and an instance allocate six objects of about that size.
    private const int Objects = 6;
    private const int ArrayLength = 72;

    private static ulong s_result;

    /// <summary>Arithmetic in registers.</summary>
    public static void Compute(int operations)
    {
        var (first, second) = (1UL, 2UL);
        for (var i = 0; i < operations * 16L; i++)
        {
            first ^= first << 13;
            second += second >> 7;
        }

        s_result = first + second;
    }

    /// <summary>As many bytes of garbage as a store and an instance are.</summary>
    public static void Allocate(int operations)
    {
        for (var i = 0; i < operations; i++)
            for (var made = 0; made < Objects; made++)
                GC.KeepAlive(Make());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[] Make() => new byte[ArrayLength];
}
