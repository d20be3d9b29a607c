using System.Diagnostics;
using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using Xunit;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>A directory of the host: all of it is the guest's, nothing beside it is.</summary>
public sealed class HostDirectoryTests : IDisposable
{
    private const string Secret = "SECRET";

    private readonly string _top = Directory.CreateTempSubdirectory("hostservice-wasi-").FullName;
    private readonly string _shared;
    private readonly Guest _guest;

    public HostDirectoryTests()
    {
        // top/secret, top/shared/inside, top/shared/sub/file
        _shared = Path.Combine(_top, "shared");
        Directory.CreateDirectory(Path.Combine(_shared, "sub"));
        File.WriteAllText(Path.Combine(_top, "secret"), Secret);
        File.WriteAllText(Path.Combine(_shared, "inside"), "inside");
        File.WriteAllText(Path.Combine(_shared, "sub", "file"), "deep");
        _guest = Open(isReadOnly: false);
    }

    public void Dispose()
    {
        _guest.Dispose();
        Directory.Delete(_top, recursive: true);
    }

    [Fact]
    public void Files_OfTheDirectory_AreTheGuests()
    {
        _guest.CreateFile("sub/new", "made by the guest");
        Assert.Equal(Errno.Success, _guest.Move("path_rename", "inside", "sub/moved"));

        Assert.Equal("deep", _guest.ReadAll("sub/../sub/file"));
        Assert.Equal("made by the guest", File.ReadAllText(Path.Combine(_shared, "sub", "new")));
        Assert.Equal("inside", File.ReadAllText(Path.Combine(_shared, "sub", "moved")));
        Assert.Equal(Errno.Success, _guest.Open("sub", out var sub));
        Assert.Equal([".", "..", "file", "moved", "new"], _guest.List(sub).Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["new"], _guest.List(sub).Where(entry => entry.Name == "new").Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("sub/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("sub/../..")]
    public void Path_ThatLeadsOut_IsRefusedByEveryFunction(string path)
    {
        Assert.Equal(Errno.NotCapable, _guest.Open(path, out _));
        Assert.Equal(Errno.NotCapable, _guest.Open(path, out _, OFlags.Creat, rights: Guest.AllRights));
        Assert.Equal(Errno.NotCapable, _guest.Stat(path, out _, out _));
        Assert.NotEqual(Errno.Success, _guest.Path("path_unlink_file", Guest.Root, path));
        Assert.NotEqual(Errno.Success, _guest.Path("path_remove_directory", Guest.Root, path));
        Assert.NotEqual(Errno.Success, _guest.Path("path_create_directory", Guest.Root, path));
        Assert.NotEqual(Errno.Success, _guest.Move("path_rename", "inside", path));
        Assert.NotEqual(Errno.Success, _guest.Move("path_rename", path, "stolen"));
        Assert.NotEqual(Errno.Success, _guest.Move("path_link", path, "stolen"));
        Assert.NotEqual(Errno.Success, _guest.Symlink("inside", path));
        Assert.Equal(Secret, File.ReadAllText(Path.Combine(_top, "secret")));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("sub/../../secret")]
    [InlineData("/proc/self/root/etc/passwd")]
    public void SymbolicLink_OfTheHostThatLeadsOut_IsNotFollowed(string target)
    {
        File.CreateSymbolicLink(Path.Combine(_shared, "link"), target);
        Directory.CreateSymbolicLink(Path.Combine(_shared, "up"), "..");

        Assert.Equal("(NotCapable)", _guest.ReadAll("link"));
        Assert.Equal("(NotCapable)", _guest.ReadAll("up/secret"));
        Assert.Equal(Errno.NotCapable, _guest.Stat("link", out _, out _));
        Assert.Equal(Errno.NotCapable, _guest.Open("up/new", out _, OFlags.Creat, rights: Guest.AllRights));
        Assert.Equal(Errno.NotCapable, _guest.Path("path_unlink_file", Guest.Root, "up/secret"));
        Assert.Equal(Errno.NotCapable, _guest.Move("path_rename", "up/secret", "stolen"));
        Assert.Equal(Errno.NotCapable, _guest.Move("path_rename", "inside", "up/inside"));
        Assert.NotEqual(Errno.Success, _guest.Move("path_link", "up/", "stolen"));
        Assert.Equal(Errno.Success, _guest.Stat("link", out _, out _, follow: false));
        Assert.Equal(Errno.Success, _guest.Path("path_unlink_file", Guest.Root, "link"));
        Assert.True(File.Exists(Path.Combine(_top, "secret")));
    }

    [Fact]
    public void SymbolicLink_OfTheGuest_IsAsConfined()
    {
        Assert.Equal(Errno.NotCapable, _guest.Symlink("/etc/passwd", "absolute"));
        Assert.Equal(Errno.Success, _guest.Symlink("../secret", "up"));
        Assert.Equal(Errno.Success, _guest.Symlink("sub/file", "fine"));

        Assert.Equal("(NotCapable)", _guest.ReadAll("up"));
        Assert.Equal("deep", _guest.ReadAll("fine"));
    }

    [Fact]
    public void Pipe_InTheDirectory_IsNotOpenedAndNotWaitedFor()
    {
        using var made = Process.Start("mkfifo", Path.Combine(_shared, "pipe"));
        made.WaitForExit();

        Assert.NotEqual(Errno.Success, _guest.Open("pipe", out _));
        Assert.NotEqual(Errno.Success, _guest.Open("pipe", out _, rights: Guest.AllRights));
    }

    [Fact]
    public void ReadOnlyDirectory_EveryChange_IsRefused()
    {
        using var guest = Open(isReadOnly: true);
        Assert.Equal("deep", guest.ReadAll("sub/file"));
        Assert.Equal(Errno.Success, guest.Open("inside", out var file));

        Assert.Equal(Errno.RoFs, guest.Open("new", out _, OFlags.Creat, rights: Guest.AllRights));
        Assert.Equal(Errno.RoFs, guest.Open("new", out _, OFlags.Creat));
        Assert.Equal(Errno.RoFs, guest.Open("inside", out _, rights: Guest.AllRights));
        Assert.Equal(Errno.RoFs, guest.Open("inside", out _, OFlags.Trunc));
        Assert.Equal(Errno.RoFs, guest.Path("path_create_directory", Guest.Root, "new"));
        Assert.Equal(Errno.RoFs, guest.Path("path_unlink_file", Guest.Root, "inside"));
        Assert.Equal(Errno.RoFs, guest.Path("path_remove_directory", Guest.Root, "sub"));
        Assert.Equal(Errno.RoFs, guest.Symlink("inside", "new"));
        Assert.Equal(Errno.RoFs, guest.Move("path_rename", "inside", "new"));
        Assert.Equal(Errno.RoFs, guest.Move("path_link", "inside", "new"));
        Assert.Equal(Errno.RoFs, guest.Call("fd_filestat_set_times", file, 0, 0, 2));
        Assert.NotEqual(Errno.Success, guest.Call("fd_filestat_set_size", file, 0));
        Assert.Equal(Errno.BadF, guest.Write(file, [1], out _));
        Assert.Equal("inside", File.ReadAllText(Path.Combine(_shared, "inside")));
    }

    [Fact]
    public void Move_BetweenReadOnlyAndWritable_IsRefused()
    {
        using var guest = new Guest(new WasiOptions { Preopens = [WasiPreopen.Host("/r", _shared, isReadOnly: true), WasiPreopen.Host("/w", Path.Combine(_shared, "sub"), isReadOnly: false)] });

        // A second name in a writable directory would be a way to write the file.
        Assert.NotEqual(Errno.Success, guest.Move("path_link", "inside", "stolen", Guest.Root, Guest.Root + 1));
        Assert.NotEqual(Errno.Success, guest.Move("path_rename", "inside", "stolen", Guest.Root, Guest.Root + 1));
        Assert.True(File.Exists(Path.Combine(_shared, "inside")));
    }

    [Fact]
    public void Hammer_DirectorySwappedForALinkWhilePathsAreResolved_NeverLeadsOut()
    {
        // A directory called x that holds a harmless file, and a link called x to where the secret is, trade places all the time.
        Directory.CreateDirectory(Path.Combine(_shared, "real"));
        File.WriteAllText(Path.Combine(_shared, "real", "secret"), "harmless");
        Directory.CreateSymbolicLink(Path.Combine(_shared, "out"), "..");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var swapper = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Swap("real");
                Swap("out");
            }
        });
        swapper.Start();
        var seen = new HashSet<string>();

        while (!stop.IsCancellationRequested)
        {
            seen.Add(_guest.ReadAll("x/secret"));
        }

        swapper.Join();
        Assert.DoesNotContain(Secret, seen);
        Assert.Contains("harmless", seen);

        void Swap(string name)
        {
            Directory.Move(Path.Combine(_shared, name), Path.Combine(_shared, "x"));
            Directory.Move(Path.Combine(_shared, "x"), Path.Combine(_shared, name));
        }
    }

    [Fact]
    public void Offer_OfWhatIsNotThere_IsRefusedAtOnce()
    {
        Assert.Throws<DirectoryNotFoundException>(() => WasiPreopen.Host("/", Path.Combine(_top, "missing"), isReadOnly: false));
        Assert.Throws<DirectoryNotFoundException>(() => WasiPreopen.Host("/", Path.Combine(_top, "secret"), isReadOnly: false));
    }

    [Fact]
    public void Context_Disposed_HoldsNoDescriptorOfTheHost()
    {
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 50; i++)
        {
            using var guest = Open(isReadOnly: false);
            Assert.Equal(Errno.Success, guest.Open("inside", out _));
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 20);
    }

    private Guest Open(bool isReadOnly) => new(new WasiOptions { Preopens = [WasiPreopen.Host("/", _shared, isReadOnly)] });
}
