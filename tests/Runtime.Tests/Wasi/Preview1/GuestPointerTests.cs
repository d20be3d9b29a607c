using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using Xunit;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>Whatever a guest passes, it gets an error number; the host never throws and never touches what isn't the guest's.</summary>
public sealed class GuestPointerTests
{
    private const ulong MemoryBytes = ForwardingModule.MemoryPages * 65_536UL;

    public static TheoryData<string> Functions => [.. WasiPreview1.HostFunctions.Select(function => function.Name).Where(name => name is not ("proc_exit" or "proc_raise"))];

    [Fact]
    public void Functions_AreAllOfPreview1() => Assert.Equal(46, WasiPreview1.HostFunctions.Select(function => function.Name).Distinct().Count());

    [Theory]
    [MemberData(nameof(Functions))]
    public void Function_AnyArguments_AnswersAnErrorNumber(string name)
    {
        // A minute of patience for poll_oneoff, whose random timeouts would otherwise outlast the test.
        using var stop = new CancellationTokenSource();
        using var guest = new Guest(new WasiOptions
        {
            Arguments = ["program", "argument"],
            Environment = [new("NAME", "value")],
            Preopens = [WasiPreopen.Virtual("/")],
            Cancellation = stop.Token,
        });
        guest.CreateFile("f", "contents");
        guest.Create("g");
        var random = new Random(name.Length);
        var interesting = new ulong[]
        {
            0, 1, 2, 3, 4, 5, 8, 64, 1024, 1025, 65_535, 65_536, MemoryBytes - 64, MemoryBytes - 8, MemoryBytes - 1, MemoryBytes, MemoryBytes + 1,
            int.MaxValue, 1UL << 31, uint.MaxValue - 7, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue,
        };
        var parameters = guest.Instance.GetFunction(name)!.ParameterCount;
        var arguments = new ulong[parameters];
        if (name == "poll_oneoff")
        {
            stop.Cancel();
        }

        for (var round = 0; round < 2_000; round++)
        {
            for (var i = 0; i < parameters; i++)
            {
                arguments[i] = interesting[random.Next(interesting.Length)];
            }

            if (name is "fd_close" or "fd_renumber" && arguments[0] is 3)
            {
                continue;
            }

            try
            {
                Assert.InRange((int)guest.Call(name, arguments), 0, (int)Errno.NotCapable);
            }
            catch (OperationCanceledException) when (name == "poll_oneoff")
            {
                // It would have slept.
            }
        }
    }

    [Theory]
    [InlineData(0u, 1025u, Errno.Inval)]
    [InlineData(uint.MaxValue, 1u, Errno.Fault)]
    [InlineData(MemoryBytes - 7, 1u, Errno.Fault)]
    [InlineData(MemoryBytes - 8, 2u, Errno.Fault)]
    [InlineData(MemoryBytes, 0u, Errno.Success)]
    public void Write_ArrayOfBuffersOutside_IsAFault(ulong address, uint count, object expected)
    {
        using var guest = new Guest();

        Assert.Equal<object>(expected, guest.Call("fd_write", 1, address, count, Guest.Result));
    }

    [Fact]
    public void Write_LastBufferOutside_WritesNothing()
    {
        var output = new MemoryStream();
        using var guest = new Guest(new WasiOptions { StandardOutput = output });
        var buffers = guest.Put([.. U32(1024), .. U32(4), .. U32((uint)MemoryBytes - 1), .. U32(2)]);

        Assert.Equal(Errno.Fault, guest.Call("fd_write", 1, buffers, 2, Guest.Result));
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public void Read_IntoItsOwnArrayOfBuffers_StaysInsideTheMemory()
    {
        // The first buffer is the array itself: what is read makes the second one point outside.
        using var guest = new Guest();
        var file = guest.Create("f");
        guest.Write(file, [.. U32(0), .. U32(0), .. U32(uint.MaxValue), .. U32(uint.MaxValue), 1, 2, 3], out _);
        guest.Call("fd_seek", file, 0, 0, Guest.Result);
        var array = guest.Reserve(16);
        guest.Memory.Slice(array, 16).Clear();
        ((ReadOnlySpan<byte>)[.. U32(array), .. U32(16), .. U32(array), .. U32(3)]).CopyTo(guest.Memory.Slice(array, 16));

        Assert.Equal(Errno.Success, guest.Call("fd_read", file, array, 2, Guest.Result));
        Assert.Equal(16u, guest.GivenU32());
    }

    [Fact]
    public void Open_ResultOutside_LeavesNoDescriptorBehind()
    {
        using var guest = new Guest();
        guest.CreateFile("f", "");

        Assert.Equal(Errno.Fault, guest.Call("path_open", Guest.Root, 0, guest.Put("f"u8), 1, 0, 0, 0, 0, MemoryBytes - 3));

        Assert.Equal(4u, guest.Create("f"));
    }

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);
}
