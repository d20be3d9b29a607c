using HostService.Runtime.Errors;
using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using Xunit;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>The standard streams, and what the functions cost.</summary>
public sealed class StreamTests
{
    [Fact]
    public void Streams_OfTheEmbedder_AreTheGuests()
    {
        var (input, output, error) = (new MemoryStream("question"u8.ToArray()), new MemoryStream(), new MemoryStream());
        using var guest = new Guest(new WasiOptions { StandardInput = input, StandardOutput = output, StandardError = error });

        Assert.Equal(Errno.Success, guest.Read(0, 100, out var asked));
        Assert.Equal(Errno.Success, guest.Write(1, "answer"u8, out _));
        Assert.Equal(Errno.Success, guest.Write(2, "complaint"u8, out _));

        Assert.Equal("question"u8.ToArray(), asked);
        Assert.Equal("answer"u8.ToArray(), output.ToArray());
        Assert.Equal("complaint"u8.ToArray(), error.ToArray());
        Assert.Equal(Errno.BadF, guest.Write(0, [1], out _));
        Assert.Equal(Errno.BadF, guest.Read(1, 1, out _));
        Assert.Equal(Errno.SPipe, guest.Call("fd_seek", 1, 0, 1, Guest.Result));
        Assert.Equal(Errno.SPipe, guest.Read(0, 1, out _, position: 0));
    }

    [Fact]
    public void Read_OfAStreamThatGivesLittle_DoesNotWaitForTheSecondBuffer()
    {
        using var input = new DrippingStream(4);
        using var guest = new Guest(new WasiOptions { StandardInput = input });
        var room = guest.Reserve(8);
        var buffers = guest.Put([.. BitConverter.GetBytes(room), .. BitConverter.GetBytes(4), .. BitConverter.GetBytes(room + 4), .. BitConverter.GetBytes(4)]);

        Assert.Equal(Errno.Success, guest.Call("fd_read", 0, buffers, 2, Guest.Result));

        Assert.Equal(4u, guest.GivenU32());
        Assert.Equal(1, input.Reads);
    }

    [Fact]
    public void BrokenStream_IsAnErrorNumber()
    {
        using var guest = new Guest(new WasiOptions { StandardInput = new FailingStream(new IOException("gone")), StandardOutput = new FailingStream(new IOException("gone")) });

        Assert.Equal(Errno.IO, guest.Read(0, 10, out _));
        Assert.Equal(Errno.Pipe, guest.Write(1, [1], out _));
        Assert.Equal(Errno.Pipe, guest.Call("fd_sync", 1));
    }

    [Fact]
    public void StreamThatThrowsOtherwise_EndsTheGuest_AndTheEmbedderSeesWhatItThrew()
    {
        var limit = new InvalidOperationException("too much output");
        using var guest = new Guest(new WasiOptions { StandardOutput = new FailingStream(limit) });

        Assert.Same(limit, Assert.Throws<InvalidOperationException>(() => guest.Write(1, [1], out _)));
    }

    [Fact]
    public void Exit_ReachesTheEmbedder_WithItsCode()
    {
        using var guest = new Guest();

        Assert.Equal(42, Assert.Throws<WasiExitException>(() => guest.Call("proc_exit", 42)).ExitCode);
        Assert.Equal(134, Assert.Throws<WasiExitException>(() => guest.Call("proc_raise", 6)).ExitCode);
        Assert.Equal(Errno.Success, guest.Call("proc_raise", 16));
    }

    [Theory]
    [InlineData("sock_accept")]
    [InlineData("sock_recv")]
    [InlineData("sock_send")]
    [InlineData("sock_shutdown")]
    public void Socket_AnyDescriptor_IsNone(string function)
    {
        using var guest = new Guest();

        Assert.Equal(Errno.NotSock, guest.Call(function, 1, 0, 0, 0, 0, 0));
        Assert.Equal(Errno.NotSock, guest.Call(function, Guest.Root, 0, 0, 0, 0, 0));
        Assert.Equal(Errno.BadF, guest.Call(function, 99, 0, 0, 0, 0, 0));
    }

    [Fact]
    public void Store_WithoutAContext_IsTheEmbeddersMistake()
    {
        using var store = new Store(Guest.Engine);
        using var module = Module.Compile(Guest.Engine, ForwardingModule.Build());
        var instance = new Linker(Guest.Engine).Instantiate(store, module);

        var mistake = Assert.Throws<InvalidOperationException>(() => instance.GetFunction("sched_yield")!.Call([], new Value[1]));

        Assert.Contains(nameof(WasiContext), mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Context_WithLessDescriptorsThanItStartsWith_IsTheEmbeddersMistake() => Assert.Throws<ArgumentException>(
        () => new WasiContext(new WasiOptions { Preopens = [WasiPreopen.Virtual("/")], Limits = new WasiLimits { MaxDescriptors = 3 } }));

    [Fact]
    public void Context_Untouched_CostsAlmostNothing()
    {
        var options = new WasiOptions { Preopens = [WasiPreopen.Virtual("/")] };
        _ = new WasiContext(options);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            new WasiContext(options).Dispose();
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 0, 256);
    }

    [Fact]
    public void ReadsAndWrites_OfStreamsAndFiles_DoNotAllocate()
    {
        using var guest = new Guest(new WasiOptions { Preopens = [WasiPreopen.Virtual("/")] });
        var file = guest.Create("f");
        var buffers = guest.Put([.. BitConverter.GetBytes(1024), .. BitConverter.GetBytes(16)]);
        var (write, read) = (Typed("fd_write"), Typed("fd_read"));
        var seek = guest.Instance.GetFunction<int, long, int, int, int>("fd_seek");
        RunOnce(100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        RunOnce(1_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        Func<int, int, int, int, int> Typed(string name) => guest.Instance.GetFunction<int, int, int, int, int>(name);

        void RunOnce(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var errors = write(1, (int)buffers, 1, (int)Guest.Result) | seek((int)file, 0, 0, (int)Guest.Result)
                    | write((int)file, (int)buffers, 1, (int)Guest.Result) | read((int)file, (int)buffers, 1, (int)Guest.Result) | read(0, (int)buffers, 1, (int)Guest.Result);
                Assert.True(errors == 0);
            }
        }
    }

    private sealed class FailingStream(Exception failure) : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw failure;

        public override void Write(ReadOnlySpan<byte> buffer) => throw failure;

        public override void Flush() => throw failure;
    }

    private sealed class DrippingStream(int bytesAtATime) : MemoryStream
    {
        public int Reads { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            Reads++;
            buffer = buffer[..Math.Min(buffer.Length, bytesAtATime)];
            buffer.Fill(1);
            return buffer.Length;
        }
    }
}
