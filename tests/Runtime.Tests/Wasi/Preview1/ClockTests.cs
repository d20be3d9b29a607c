using System.Buffers.Binary;
using System.Diagnostics;
using HostService.Runtime.Errors;
using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using Xunit;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>Clocks, waiting for them, and what ends a wait.</summary>
public sealed class ClockTests
{
    private const ulong Millisecond = 1_000_000;

    [Fact]
    public void Time_OfTheEmbeddersClock_IsWhatTheGuestSees()
    {
        var clock = new ManualTime();
        using var guest = new Guest(new WasiOptions { TimeProvider = clock });
        clock.Now += TimeSpan.FromSeconds(5);

        Assert.Equal((ulong)(clock.Now - DateTimeOffset.UnixEpoch).Ticks * 100, Time(guest, ClockId.Realtime));
        Assert.Equal(6_000 * Millisecond, Time(guest, ClockId.Monotonic));
        Assert.Equal(5_000 * Millisecond, Time(guest, ClockId.ProcessCpuTime));
        Assert.Equal(Errno.Inval, guest.Call("clock_time_get", 4, 0, Guest.Result));
        Assert.Equal(Errno.Inval, guest.Call("clock_res_get", 4, Guest.Result));
        Assert.Equal(Errno.Success, guest.Call("clock_res_get", 0, Guest.Result));
        Assert.Equal(100u, guest.GivenU64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_OfAClock_WaitsUntilItIsTime(bool absolute)
    {
        using var guest = new Guest();
        // Started before the guest's clock is read: on a busy machine much of the time may pass between the two.
        var watch = Stopwatch.StartNew();
        var timeout = 30 * Millisecond + (absolute ? Time(guest, ClockId.Monotonic) : 0);

        var events = Poll(guest, ClockSubscription(7, ClockId.Monotonic, timeout, absolute));

        Assert.Equal([(7UL, Errno.Success, EventType.Clock)], events);
        Assert.InRange(watch.ElapsedMilliseconds, 29, 20_000);
    }

    [Fact]
    public void Poll_OfSeveralClocks_TellsTheFirst()
    {
        using var guest = new Guest();

        var events = Poll(guest, [
            .. ClockSubscription(1, ClockId.Monotonic, 3_600_000 * Millisecond, false),
            .. ClockSubscription(2, ClockId.Realtime, 5 * Millisecond, false)]);

        Assert.Equal([(2UL, Errno.Success, EventType.Clock)], events);
    }

    [Fact]
    public void Poll_OfDescriptors_TellsThoseReadyAndThoseWrongAtOnce()
    {
        using var guest = new Guest();
        var file = guest.Create("f");
        guest.Write(file, new byte[10], out _);
        guest.Call("fd_seek", file, 4, 0, Guest.Result);

        var events = Poll(guest, [
            .. ClockSubscription(1, ClockId.Monotonic, 3_600_000 * Millisecond, false),
            .. FdSubscription(2, EventType.FdRead, file), .. FdSubscription(3, EventType.FdWrite, 1), .. FdSubscription(4, EventType.FdRead, 99)]);

        Assert.Equal([(2UL, Errno.Success, EventType.FdRead), (3UL, Errno.Success, EventType.FdWrite), (4UL, Errno.BadF, EventType.FdRead)], events);
    }

    [Fact]
    public void Poll_OfNothing_IsInvalid()
    {
        using var guest = new Guest();

        Assert.Equal(Errno.Inval, guest.Call("poll_oneoff", 0, 0, 0, Guest.Result));
    }

    [Fact]
    public void Wait_WithoutEnd_StopsAtTheStoresDeadline()
    {
        using var engine = new Engine(new EngineOptions { HostFunctions = WasiPreview1.HostFunctions });
        using var module = Module.Compile(engine, ForwardingModule.Build());
        using var store = new Store(engine);
        store.SetExtension(new WasiContext());
        store.SetEpochDeadline(1);
        var instance = new Linker(engine).Instantiate(store, module);
        var memory = instance.GetMemory("memory")!;
        ClockSubscription(1, ClockId.Monotonic, ulong.MaxValue, false).CopyTo(memory.Slice(1024, 48));
        var poll = instance.GetFunction<int, int, int, int, int>("poll_oneoff");
        using var timer = new Timer(_ => engine.IncrementEpoch(), null, 50, Timeout.Infinite);
        var watch = Stopwatch.StartNew();

        var trap = Assert.Throws<TrapException>(() => poll(1024, 2048, 1, 8));

        Assert.Equal(TrapCode.Interrupted, trap.Code);
        Assert.Equal("poll_oneoff", Assert.Single(trap.Frames).Function);
        Assert.InRange(watch.ElapsedMilliseconds, 40, 20_000);
    }

    [Fact]
    public void Wait_WithoutEnd_StopsWhenCancelled()
    {
        using var stop = new CancellationTokenSource(50);
        using var guest = new Guest(new WasiOptions { Cancellation = stop.Token });

        Assert.Throws<OperationCanceledException>(() => Poll(guest, ClockSubscription(1, ClockId.Monotonic, ulong.MaxValue, false)));
    }

    [Fact]
    public void Random_OfAllMemory_StopsWhenCancelled()
    {
        using var stop = new CancellationTokenSource();
        var filled = 0L;
        using var guest = new Guest(new WasiOptions
        {
            Cancellation = stop.Token,
            Random = bytes =>
            {
                filled += bytes.Length;
                stop.Cancel();
            },
        });

        Assert.Throws<OperationCanceledException>(() => guest.Call("random_get", 0, (ulong)guest.Memory.Length));

        Assert.InRange(filled, 1, 64 << 10);
    }

    private static ulong Time(Guest guest, ClockId clock)
    {
        Assert.Equal(Errno.Success, guest.Call("clock_time_get", (ulong)clock, 0, Guest.Result));
        return guest.GivenU64();
    }

    private static List<(ulong UserData, Errno Error, EventType Type)> Poll(Guest guest, byte[] subscriptions)
    {
        var count = subscriptions.Length / 48;
        var events = guest.Reserve(count * 32);
        Assert.Equal(Errno.Success, guest.Call("poll_oneoff", guest.Put(subscriptions), events, (ulong)count, Guest.Result));
        return [.. Enumerable.Range(0, (int)guest.GivenU32()).Select(i => guest.Memory.Slice(events + (uint)i * 32, 32).ToArray())
            .Select(told => (BitConverter.ToUInt64(told), (Errno)BitConverter.ToUInt16(told, 8), (EventType)told[10]))];
    }

    private static byte[] ClockSubscription(ulong userData, ClockId clock, ulong timeout, bool absolute)
    {
        var bytes = FdSubscription(userData, EventType.Clock, (uint)clock);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), timeout);
        bytes[40] = absolute ? (byte)1 : (byte)0;
        return bytes;
    }

    private static byte[] FdSubscription(ulong userData, EventType type, uint id)
    {
        var bytes = new byte[48];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, userData);
        bytes[8] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), id);
        return bytes;
    }

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
