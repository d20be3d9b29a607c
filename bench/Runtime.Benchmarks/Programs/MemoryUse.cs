using System.Globalization;

namespace HostService.Runtime.Benchmarks.Programs;

/// <summary>What a process holds at one moment, after a collection, in bytes.</summary>
/// <param name="When">At which.</param>
/// <param name="Managed">Objects on the managed heap.</param>
/// <param name="Resident">Everything: the process's resident memory.</param>
/// <param name="Code">The part of it in which the CLR keeps machine code and what belongs to it.</param>
internal sealed record MemoryUse(string When, long Managed, long Resident, long Code)
{
    private const string CodeMappings = "doublemapper";

    /// <summary>Collects, and looks.</summary>
    public static MemoryUse Now(string when)
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return new MemoryUse(when, GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet, ResidentCode());
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{When} {Managed / 1e6:0} managed + {(Resident - Managed) / 1e6:0} native, of that {Code / 1e6:0} code");

    // The CLR maps code twice, once to write and once to run; what is mapped to run counts.
    private static long ResidentCode()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var (bytes, counts) = (0L, false);
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var words = line.Split(' ', 3);
            if (words[0].Contains('-', StringComparison.Ordinal))
            {
                counts = words[1].Contains('x', StringComparison.Ordinal) && line.Contains(CodeMappings, StringComparison.Ordinal);
            }
            else if (counts && line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                bytes += long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
            }
        }

        return bytes;
    }
}
