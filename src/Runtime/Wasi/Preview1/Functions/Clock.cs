using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.VirtualFiles;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>clock_*</c>.</summary>
internal static class Clock
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    // Guests see the time since their context was made, not the host's up-time. It starts at a second, not at zero: Go takes zero for a broken clock.
    private const ulong MonotonicStart = NanosecondsPerSecond;

    public static Errno GetResolution(GuestCall call, uint clock, uint result)
    {
        if (clock > (uint)ClockId.ThreadCpuTime)
        {
            return Errno.Inval;
        }

        // Calendar time comes in the CLR's ticks of 100 ns.
        var resolution = clock == (uint)ClockId.Realtime
            ? (ulong)TimeSpan.NanosecondsPerTick
            : Math.Max(1, NanosecondsPerSecond / (ulong)call.Context.Options.TimeProvider.TimestampFrequency);
        return call.Memory.TryWrite(result, resolution) ? Errno.Success : Errno.Fault;
    }

    public static Errno GetTime(GuestCall call, uint clock, uint result) =>
        TryRead(call.Context, clock, out var now) ? call.Memory.TryWrite(result, now) ? Errno.Success : Errno.Fault : Errno.Inval;

    /// <summary>The time of a clock in nanoseconds; false when there is no such clock.</summary>
    public static bool TryRead(WasiContext context, uint clock, out ulong now)
    {
        switch ((ClockId)clock)
        {
            case ClockId.Realtime:
                now = UnixTime.Of(context.Options.TimeProvider.GetUtcNow());
                return true;
            // A guest occupies its thread from the first call to the last, and has only one: its CPU clocks are its own time.
            case ClockId.Monotonic or ClockId.ProcessCpuTime or ClockId.ThreadCpuTime:
                now = (ulong)context.Elapsed.Ticks * (ulong)TimeSpan.NanosecondsPerTick + (clock == (uint)ClockId.Monotonic ? MonotonicStart : 0);
                return true;
            default:
                now = 0;
                return false;
        }
    }
}
