using System.Diagnostics;
using System.Globalization;

namespace HostService.Runtime.Hostile;

/// <summary>How much memory this process has in use: on Linux also the peak since it was last asked to forget it.</summary>
internal static class ResidentSet
{
    public static long CurrentMegabytes => FromStatus("VmRSS:") ?? Process.GetCurrentProcess().WorkingSet64 >> 20;

    public static long PeakMegabytes => FromStatus("VmHWM:") ?? Process.GetCurrentProcess().PeakWorkingSet64 >> 20;

    public static void ResetPeak()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The peak then includes the making of the module, which only makes the bound stricter.
        }
    }

    private static long? FromStatus(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) >> 10;
    }
}
