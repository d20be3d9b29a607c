using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using HostService.Runtime.Wasi.Preview1.VirtualFiles;
using Xunit;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>The bytes of virtual files, and the limits on them.</summary>
public sealed class VirtualFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void File_AfterAnyOperations_HoldsWhatAPlainArrayWould(int seed)
    {
        var random = new Random(seed);
        var shared = new byte[seed % 2 == 0 ? 0 : 60_000];
        random.NextBytes(shared);
        var quota = new StorageQuota(new WasiLimits { MaxFileBytes = 1 << 20 });
        var file = new FileNode(1, 0, shared);
        var model = shared.ToList();

        for (var step = 0; step < 2_000; step++)
        {
            var position = random.Next(100_000);
            var length = random.Next(1, random.Next(10) == 0 ? 40_000 : 300);
            switch (random.Next(4))
            {
                case 0 when random.Next(8) == 0:
                    Assert.Equal(Errno.Success, file.SetLength(position, quota));
                    model = [.. model.Take(position), .. new byte[Math.Max(0, position - model.Count)]];
                    break;
                case 0 or 1:
                    var written = new byte[length];
                    random.NextBytes(written);
                    Assert.Equal(Errno.Success, file.Write(position, written, quota, out var count));
                    Assert.Equal(length, count);
                    model.AddRange(new byte[Math.Max(0, position + length - model.Count)]);
                    written.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(model)[position..]);
                    break;
                default:
                    var read = new byte[length];
                    read.AsSpan().Fill(0xEE);
                    count = file.Read(position, read);
                    Assert.Equal(model.Skip(position).Take(length), read[..count]);
                    break;
            }

            Assert.Equal(model.Count, file.Length);
        }

        Assert.Equal(model.Count, quota.Bytes);
        file.Discard(quota);
        Assert.Equal(0, quota.Bytes);
    }

    [Fact]
    public void Write_BeyondTheLimit_WritesWhatFitsAndThenSaysNoSpace()
    {
        using var guest = New(new WasiLimits { MaxFileBytes = 100 });
        var file = guest.Create("f");

        Assert.Equal(Errno.Success, guest.Write(file, new byte[60], out var first));
        Assert.Equal(Errno.Success, guest.Write(file, new byte[60], out var second));

        Assert.Equal((60u, 40u), (first, second));
        Assert.Equal(Errno.NoSpc, guest.Write(file, new byte[1], out _));
        Assert.Equal(Errno.NoSpc, guest.Call("fd_filestat_set_size", file, 101));
        Assert.Equal(Errno.NoSpc, guest.Call("fd_allocate", file, 0, 101));
        Assert.Equal(Errno.NoSpc, guest.Write(file, new byte[1], out _, position: long.MaxValue - 1));
        Assert.Equal(Errno.Success, guest.Write(file, [7], out _, position: 99));
    }

    [Fact]
    public void File_OfAnEnormousLength_CostsNoMemoryBeforeItIsRefused()
    {
        using var guest = New(WasiLimits.Default);
        var file = guest.Create("f");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(Errno.NoSpc, guest.Call("fd_filestat_set_size", file, 1UL << 60));
        Assert.Equal(Errno.FBig, guest.Call("fd_allocate", file, long.MaxValue, long.MaxValue));
        Assert.Equal(Errno.Inval, guest.Call("fd_filestat_set_size", file, ulong.MaxValue));
        Assert.Equal(Errno.Success, guest.Call("fd_filestat_set_size", file, 60 << 20));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void UnlinkedFile_StillOpen_CountsUntilItIsClosed()
    {
        using var guest = New(new WasiLimits { MaxFileBytes = 100 });
        var file = guest.Create("f");
        guest.Write(file, new byte[80], out _);

        Assert.Equal(Errno.Success, guest.Path("path_unlink_file", Guest.Root, "f"));

        Assert.Equal(Errno.Success, guest.Read(file, 100, out var bytes, position: 0));
        Assert.Equal(80, bytes.Length);
        Assert.Equal(80, guest.Context.FileBytes);
        guest.Close(file);
        Assert.Equal(0, guest.Context.FileBytes);
    }

    [Fact]
    public void Names_BeyondTheLimit_FindNoSpace_UntilSomeAreRemoved()
    {
        using var guest = New(new WasiLimits { MaxFiles = 3 });
        guest.CreateFile("a", "");
        Assert.Equal(Errno.Success, guest.Path("path_create_directory", Guest.Root, "b"));
        Assert.Equal(Errno.Success, guest.Move("path_link", "a", "c"));

        Assert.Equal(Errno.NoSpc, guest.Symlink("a", "d"));
        Assert.Equal(Errno.NoSpc, guest.Path("path_create_directory", Guest.Root, "d"));
        Assert.Equal(Errno.Success, guest.Move("path_rename", "c", "d"));
        Assert.Equal(Errno.Success, guest.Path("path_unlink_file", Guest.Root, "d"));
        Assert.Equal(Errno.Success, guest.Symlink("a", "d"));
    }

    [Fact]
    public void Descriptors_BeyondTheLimit_AreTooMany_AndTheLowestFreeNumberIsNext()
    {
        using var guest = New(new WasiLimits { MaxDescriptors = 8 });
        var open = Enumerable.Range(0, 4).Select(i => guest.Create($"f{i}")).ToList();

        Assert.Equal([4u, 5u, 6u, 7u], open);
        Assert.Equal(Errno.MFile, guest.Open("f0", out _));
        guest.Close(5);
        guest.Close(1);
        Assert.Equal(1u, guest.Create("f0"));
        Assert.Equal(5u, guest.Create("f0"));
        Assert.Equal(Errno.MFile, guest.Open("f0", out _));
    }

    [Fact]
    public void Seek_BeyondTheEnds_IsRefusedOrLeavesAHole()
    {
        using var guest = New(WasiLimits.Default);
        var file = guest.Create("f");
        guest.Write(file, [1, 2, 3], out _);

        Assert.Equal(Errno.Inval, guest.Call("fd_seek", file, unchecked((ulong)-4L), 2, Guest.Result));
        Assert.Equal(Errno.Overflow, guest.Call("fd_seek", file, long.MaxValue, 1, Guest.Result));
        Assert.Equal(Errno.Inval, guest.Call("fd_seek", file, 0, 3, Guest.Result));
        Assert.Equal(Errno.Success, guest.Call("fd_seek", file, 2, 2, Guest.Result));
        Assert.Equal(5u, guest.GivenU64());
        guest.Write(file, [9], out _);

        Assert.Equal(Errno.Success, guest.Read(file, 10, out var bytes, position: 0));
        Assert.Equal([1, 2, 3, 0, 0, 9], bytes);
    }

    [Fact]
    public void Rights_GivenUp_AreGone()
    {
        using var guest = New(WasiLimits.Default);
        var file = guest.Create("f");

        Assert.Equal(Errno.Success, guest.Call("fd_fdstat_set_rights", file, (ulong)(Rights.FdRead | Rights.FdTell), 0));

        Assert.Equal(Errno.BadF, guest.Write(file, [1], out _));
        Assert.Equal(Errno.NotCapable, guest.Call("fd_seek", file, 1, 0, Guest.Result));
        Assert.Equal(Errno.Success, guest.Call("fd_tell", file, Guest.Result));
        Assert.Equal(Errno.NotCapable, guest.Call("fd_filestat_set_size", file, 1));
        Assert.Equal(Errno.NotCapable, guest.Call("fd_fdstat_set_rights", file, (ulong)(Rights.FdRead | Rights.FdWrite), 0));
    }

    private static Guest New(WasiLimits limits) => new(new WasiOptions { Preopens = [WasiPreopen.Virtual("/")], Limits = limits });
}
