namespace HostService.Runtime.Wasi.Preview1.VirtualFiles;

/// <summary>Times as guests count them.</summary>
internal static class UnixTime
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Nanoseconds since 1970; 0 for earlier times, which a guest can't express.</summary>
    public static ulong Of(DateTimeOffset time) => (ulong)(Math.Max(0, time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * NanosecondsPerTick);
}
