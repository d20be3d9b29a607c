using HostService.Runtime.Wasi.Preview1.Abi;

namespace HostService.Runtime.Wasi.Preview1.Functions;

/// <summary><c>poll_oneoff</c>: waits for clocks and descriptors.</summary>
internal static class Poll
{
    // As many as there can be descriptors by default. Each costs a look, and the deadline is seen between rounds of looks only.
    private const uint MaxSubscriptions = 1024;

    // The longest wait that sees neither the deadline nor a cancellation without one, in milliseconds.
    private const ulong SliceMilliseconds = 10;
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    private static readonly ManualResetEvent s_never = new(initialState: false);

    public static Errno OneOff(GuestCall call, uint subscriptions, uint events, uint count, uint result)
    {
        if (count is 0 or > MaxSubscriptions)
        {
            return Errno.Inval;
        }

        if (!call.Memory.TryRead(subscriptions, count * Subscription.Bytes, out var asked)
            || !call.Memory.TrySlice(events, count * Subscription.EventBytes, out var told)
            || !call.Memory.Contains(result, sizeof(uint)))
        {
            return Errno.Fault;
        }

        // A descriptor is ready at once, or in error at once; so only clocks are ever waited for.
        var since = call.Context.Elapsed;
        int found;
        while ((found = TellDue(call.Context, since, asked, told, out var remaining)) == 0)
        {
            call.CheckInterrupts();
            Wait(remaining, call.Context.Options.Cancellation);
        }

        call.Memory.TryWrite(result, (uint)found);
        return Errno.Success;
    }

    private static int TellDue(WasiContext context, TimeSpan since, ReadOnlySpan<byte> asked, Span<byte> told, out ulong remaining)
    {
        // Should the guest have both arrays in one place: an event is shorter than a subscription, so none is overwritten before it is read.
        var found = 0;
        remaining = ulong.MaxValue;
        for (; !asked.IsEmpty; asked = asked[Subscription.Bytes..])
        {
            var subscription = Subscription.Read(asked);
            if (subscription.IsDue(context, since, out var error, out var bytes, out var left))
            {
                subscription.Tell(told[(found++ * Subscription.EventBytes)..], error, bytes);
            }
            else
            {
                remaining = Math.Min(remaining, left);
            }
        }

        return found;
    }

    private static void Wait(ulong nanoseconds, CancellationToken cancellation)
    {
        var milliseconds = Math.Clamp(nanoseconds / NanosecondsPerMillisecond, 1, SliceMilliseconds);
        (cancellation.CanBeCanceled ? cancellation.WaitHandle : s_never).WaitOne((int)milliseconds);
    }
}
