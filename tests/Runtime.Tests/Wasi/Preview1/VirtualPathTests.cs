using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using Xunit;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>Where paths lead in a virtual directory, and where they must not.</summary>
public sealed class VirtualPathTests : IDisposable
{
    private readonly Guest _guest = new();

    public VirtualPathTests()
    {
        _guest.Path("path_create_directory", Guest.Root, "d");
        _guest.Path("path_create_directory", Guest.Root, "d/e");
        _guest.CreateFile("d/e/f", "contents");
    }

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("d/e/f")]
    [InlineData("./d//e/./f")]
    [InlineData("d/../d/e/../e/f")]
    [InlineData("d/e/../../d/e/f")]
    public void Path_WithDetours_LeadsToTheFile(string path) => Assert.Equal("contents", _guest.ReadAll(path));

    [Theory]
    [InlineData("..", Errno.NotCapable)]
    [InlineData("../x", Errno.NotCapable)]
    [InlineData("d/../../x", Errno.NotCapable)]
    [InlineData("/", Errno.NotCapable)]
    [InlineData("/d/e/f", Errno.NotCapable)]
    [InlineData("d/e/f/", Errno.NotDir)]
    [InlineData("d/e/f/..", Errno.NotDir)]
    [InlineData("d/x/f", Errno.NoEnt)]
    [InlineData("", Errno.NoEnt)]
    [InlineData("d\0e", Errno.Inval)]
    public void Path_ThatLeadsNowhere_IsRefused(string path, object expected) => Assert.Equal<object>(expected, _guest.Open(path, out _));

    [Fact]
    public void Path_BeyondItsDescriptorsDirectory_IsRefusedEvenInsideTheVolume()
    {
        Assert.Equal(Errno.Success, _guest.Open("d", out var d));

        Assert.Equal(Errno.NotCapable, _guest.Open("../d/e/f", out _, directory: d));
        Assert.Equal("contents", _guest.ReadAll("e/f", d));
    }

    [Fact]
    public void Path_NotUtf8_IsIllegalSequence()
    {
        Assert.Equal(Errno.IlSeq, _guest.Call("path_create_directory", Guest.Root, _guest.Put([0xC3, 0x28]), 2));
        Assert.Equal(Errno.IlSeq, _guest.Call("path_create_directory", Guest.Root, _guest.Put([0xED, 0xA0, 0x80]), 3));
    }

    [Fact]
    public void Name_LongerThan255Bytes_IsTooLong()
    {
        Assert.Equal(Errno.Success, _guest.Path("path_create_directory", Guest.Root, new string('a', 255)));
        Assert.Equal(Errno.NameTooLong, _guest.Path("path_create_directory", Guest.Root, new string('a', 256)));
        Assert.Equal(Errno.NameTooLong, _guest.Path("path_create_directory", Guest.Root, new string('é', 128)));
        Assert.Equal(Errno.NameTooLong, _guest.Path("path_create_directory", Guest.Root, string.Concat(Enumerable.Repeat("a/", 2100))));
    }

    [Theory]
    [InlineData("d/e/f", "contents")]
    [InlineData("./d/./e/f", "contents")]
    [InlineData("d/../d/e/f", "contents")]
    [InlineData("/d/e/f", "(NotCapable)")]
    [InlineData("../secret", "(NotCapable)")]
    [InlineData("d/../../secret", "(NotCapable)")]
    [InlineData("missing", "(NoEnt)")]
    [InlineData("link", "(Loop)")]
    public void SymbolicLink_Followed_LeadsWhereItsTargetMay(string target, string expected)
    {
        if (_guest.Symlink(target, "link") is Errno.NotCapable)
        {
            // An absolute target is refused at once.
            Assert.StartsWith("/", target, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, _guest.ReadAll("link"));
    }

    [Fact]
    public void SymbolicLink_OfASharedTreeWithAnAbsoluteTarget_CannotBeFollowed()
    {
        var tree = new WasiFileTreeBuilder().AddFile("etc/passwd", "inside"u8.ToArray()).AddSymbolicLink("link", "/etc/passwd").Build();
        using var guest = new Guest(new WasiOptions { Preopens = [WasiPreopen.Virtual("/", tree)] });

        Assert.Equal("(NotCapable)", guest.ReadAll("link"));
        Assert.Equal("inside", guest.ReadAll("etc/passwd"));
    }

    [Fact]
    public void SymbolicLinks_MoreThanForty_AreALoop()
    {
        for (var i = 0; i < 41; i++)
        {
            _guest.Symlink(i == 0 ? "d/e/f" : $"l{i - 1}", $"l{i}");
        }

        Assert.Equal("contents", _guest.ReadAll("l39"));
        Assert.Equal("(Loop)", _guest.ReadAll("l40"));
    }

    [Fact]
    public void SymbolicLinks_ThatMultiply_EndAsTooLong()
    {
        // Each link stands for many of the one before, so the path would grow without end.
        _guest.Symlink(string.Concat(Enumerable.Repeat("d/../", 100)) + "d", "l0");
        for (var i = 1; i < 40; i++)
        {
            _guest.Symlink(string.Concat(Enumerable.Repeat($"l{i - 1}/../", 300)), $"l{i}");
        }

        Assert.Contains(_guest.ReadAll("l39"), new[] { "(Loop)", "(NameTooLong)" });
    }

    [Fact]
    public void Open_CreatingThroughADanglingLink_MakesTheTarget()
    {
        _guest.Symlink("d/new", "link");

        _guest.CreateFile("link", "made");

        Assert.Equal("made", _guest.ReadAll("d/new"));
    }

    [Fact]
    public void Open_ExclusiveOnALink_Exists()
    {
        _guest.Symlink("d/new", "link");

        Assert.Equal(Errno.Exist, _guest.Open("link", out _, OFlags.Creat | OFlags.Excl, rights: Guest.AllRights));
        Assert.Equal(Errno.NoEnt, _guest.Stat("d/new", out _, out _));
    }

    [Fact]
    public void Open_DirectoryForWriting_IsADirectory() => Assert.Equal(Errno.IsDir, _guest.Open("d", out _, rights: Guest.AllRights));
}
