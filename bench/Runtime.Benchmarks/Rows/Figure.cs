namespace HostService.Runtime.Benchmarks.Rows;

/// <summary>What rows measure beside the two times.</summary>
internal static class Figure
{
    /// <summary>Bytes of managed memory per operation, ours.</summary>
    public const string ManagedBytes = "managed bytes";

    /// <summary>Our time divided by that of the module with one function.</summary>
    public const string OfOneFunction = "of one function";

    /// <summary>Our throughput on two threads divided by that on one.</summary>
    public const string OfOneThread = "of one thread";

    /// <summary>Our time divided by that of the same C, compiled natively.</summary>
    public const string OfNativeTime = "of native time";

    /// <summary>The time of the first run divided by that of a later one.</summary>
    public const string OfSteadyRun = "of a steady run";

    /// <summary>What the process holds once the module is unloaded.</summary>
    public const string MegabytesAfterUnloading = "megabytes after unloading";
}
