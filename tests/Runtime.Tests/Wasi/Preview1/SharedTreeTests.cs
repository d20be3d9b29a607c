using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using Xunit;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>Trees that contexts share: everyone starts with the same files, and nobody sees what another did.</summary>
public sealed class SharedTreeTests
{
    private static readonly byte[] s_large = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];

    private static readonly WasiFileTree s_tree = new WasiFileTreeBuilder()
        .AddFile("a/file", "shared"u8.ToArray())
        .AddFile("a/other", "other"u8.ToArray())
        .AddFile("large", s_large)
        .AddDirectory("empty")
        .AddSymbolicLink("link", "a/file")
        .Build();

    [Fact]
    public void Changes_OfOneContext_AreItsOwn()
    {
        using var one = New();
        using var two = New();

        one.CreateFile("a/file", "mine");
        Assert.Equal(Errno.Success, one.Path("path_unlink_file", Guest.Root, "a/other"));
        one.CreateFile("a/new", "new");

        Assert.Equal("mineed", one.ReadAll("link"));
        Assert.Equal(["." , "..", "file", "new"], Names(one, "a"));
        Assert.Equal("shared", two.ReadAll("link"));
        Assert.Equal(["." , "..", "file", "other"], Names(two, "a"));
        Assert.Equal("other", two.ReadAll("a/other"));
    }

    [Fact]
    public void File_NeverWritten_CostsNothing_AndOnceWrittenItsLength()
    {
        using var guest = New();
        Assert.Equal(Errno.Success, guest.Open("large", out var file, rights: Guest.AllRights));
        Assert.Equal(Errno.Success, guest.Read(file, s_large.Length, out var read));
        Assert.Equal(s_large, read);
        Assert.Equal(0, guest.Context.FileBytes);

        Assert.Equal(Errno.Success, guest.Write(file, [1, 2, 3], out _, position: 50_000));

        Assert.Equal(s_large.Length, guest.Context.FileBytes);
        Assert.Equal(Errno.Success, guest.Read(file, s_large.Length, out read, position: 0));
        var expected = s_large.ToArray();
        (expected[50_000], expected[50_001], expected[50_002]) = (1, 2, 3);
        Assert.Equal(expected, read);
    }

    [Fact]
    public void File_CutAndLengthened_ShowsZerosAndNotTheSharedBytes()
    {
        using var guest = New();
        Assert.Equal(Errno.Success, guest.Open("large", out var file, rights: Guest.AllRights));

        Assert.Equal(Errno.Success, guest.Call("fd_filestat_set_size", file, 20_000));
        Assert.Equal(Errno.Success, guest.Call("fd_filestat_set_size", file, 40_000));

        Assert.Equal(Errno.Success, guest.Read(file, 50_000, out var read));
        Assert.Equal([.. s_large[..20_000], .. new byte[20_000]], read);
    }

    [Fact]
    public void Name_RemovedAndMadeAgain_IsANewFileInANewPlace()
    {
        using var guest = New();
        guest.Path("path_unlink_file", Guest.Root, "a/file");
        Assert.Equal("(NoEnt)", guest.ReadAll("a/file"));

        guest.CreateFile("a/file", "again");

        Assert.Equal("again", guest.ReadAll("a/file"));
        Assert.Equal(["." , "..", "other", "file"], Names(guest, "a"));
    }

    [Fact]
    public void Name_RenamedOverASharedOne_ReplacesIt()
    {
        using var guest = New();

        Assert.Equal(Errno.Success, guest.Move("path_rename", "a/file", "a/other"));

        Assert.Equal("shared", guest.ReadAll("a/other"));
        Assert.Equal(["." , "..", "other"], Names(guest, "a"));
        Assert.Equal(Errno.NotEmpty, guest.Path("path_remove_directory", Guest.Root, "a"));
        Assert.Equal(Errno.Success, guest.Path("path_unlink_file", Guest.Root, "a/other"));
        Assert.Equal(Errno.Success, guest.Path("path_remove_directory", Guest.Root, "a"));
    }

    [Fact]
    public void ReadOnlyVolume_EveryChange_IsRefused()
    {
        using var guest = new Guest(new WasiOptions { Preopens = [WasiPreopen.Virtual("/", s_tree, isReadOnly: true)] });
        Assert.Equal(Errno.Success, guest.Open("a/file", out var file));

        Assert.Equal(Errno.RoFs, guest.Open("new", out _, OFlags.Creat, rights: Guest.AllRights));
        Assert.Equal(Errno.RoFs, guest.Open("a/file", out _, rights: Guest.AllRights));
        Assert.Equal(Errno.RoFs, guest.Open("a/file", out _, OFlags.Trunc));
        Assert.Equal(Errno.RoFs, guest.Path("path_create_directory", Guest.Root, "new"));
        Assert.Equal(Errno.RoFs, guest.Path("path_unlink_file", Guest.Root, "a/file"));
        Assert.Equal(Errno.RoFs, guest.Path("path_remove_directory", Guest.Root, "empty"));
        Assert.Equal(Errno.RoFs, guest.Symlink("a", "new"));
        Assert.Equal(Errno.RoFs, guest.Move("path_rename", "a/file", "b"));
        Assert.Equal(Errno.RoFs, guest.Move("path_link", "a/file", "b"));
        Assert.Equal(Errno.RoFs, guest.Call("fd_filestat_set_times", file, 0, 0, 1));
        Assert.NotEqual(Errno.Success, guest.Call("fd_filestat_set_size", file, 0));
        Assert.NotEqual(Errno.Success, guest.Call("fd_allocate", file, 0, 100));
        Assert.Equal(Errno.BadF, guest.Write(file, [1], out _));
        Assert.Equal("shared", guest.ReadAll("a/file"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/file/under")]
    [InlineData("a/../b")]
    [InlineData("a/file")]
    [InlineData("nul\0")]
    public void Builder_PathThatCannotBe_IsRefused(string path)
    {
        var builder = new WasiFileTreeBuilder().AddFile("a/file", default);

        Assert.ThrowsAny<ArgumentException>(() => builder.AddFile(path, default));
    }

    private static Guest New() => new(new WasiOptions { Preopens = [WasiPreopen.Virtual("/", s_tree)] });

    private static IEnumerable<string> Names(Guest guest, string path)
    {
        Assert.Equal(Errno.Success, guest.Open(path, out var directory));
        return guest.List(directory).Select(entry => entry.Name);
    }
}
