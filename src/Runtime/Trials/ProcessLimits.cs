using System.Globalization;
using System.Runtime.InteropServices;

namespace HostService.Runtime.Trials;

/// <summary>What the kernel lets this process use. On Linux only; elsewhere the parent's watching is all there is.</summary>
internal static partial class ProcessLimits
{
    // <sys/resource.h> of Linux, the same on x64 and arm64.
    private const int ProcessorTime = 0;
    private const int PrivateMemory = 2;
    private const int CoreFile = 4;

    /// <summary>Bounds what the process uses from now on. It can't be undone.</summary>
    /// <param name="processorSeconds">Processor time, whole seconds.</param>
    /// <param name="memoryBytes">Growth of writable private memory: what the compiler and the collector allocate. Address space that is only reserved does not count.</param>
    public static void Set(long processorSeconds, long memoryBytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var spent = (long)Math.Ceiling(Environment.CpuUsage.TotalTime.TotalSeconds);
        Lower(CoreFile, 0);
        // At the lower of the two the kernel says why it ends the process (SIGXCPU), at the other one it only kills.
        Lower(ProcessorTime, (ulong)(spent + processorSeconds), grace: 1);
        Lower(PrivateMemory, (ulong)(PrivateBytes() + memoryBytes));
    }

    // Failure leaves what is there: lower already, or forbidden. The parent watches anyway.
    private static void Lower(int resource, ulong most, ulong grace = 0) => _ = SetLimit(resource, new Limit(most, most + grace));

    private static long PrivateBytes()
    {
        const string Label = "VmData:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Label, StringComparison.Ordinal));
        return long.Parse(line[Label.Length..^2], CultureInfo.InvariantCulture) << 10;
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
