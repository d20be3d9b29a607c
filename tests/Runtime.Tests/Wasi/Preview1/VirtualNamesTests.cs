using HostService.Runtime.Wasi.Preview1;
using HostService.Runtime.Wasi.Preview1.Abi;
using Xunit;

namespace HostService.Runtime.Tests.Wasi.Preview1;

/// <summary>Making, moving, removing and listing names in a virtual directory.</summary>
public sealed class VirtualNamesTests : IDisposable
{
    private readonly Guest _guest = new(new WasiOptions { Preopens = [WasiPreopen.Virtual("/"), WasiPreopen.Virtual("/other")] });

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Rename_DirectoryIntoItself_IsInvalid()
    {
        MakeDirectories("a", "a/b", "a/b/c");

        Assert.Equal(Errno.Inval, _guest.Move("path_rename", "a", "a/x"));
        Assert.Equal(Errno.Inval, _guest.Move("path_rename", "a", "a/b/c/x"));
        Assert.Equal(Errno.NotEmpty, _guest.Move("path_rename", "a/b/c", "a"));
    }

    [Fact]
    public void Rename_Directory_TakesItsContentsAndItsParentAlong()
    {
        MakeDirectories("a", "a/b", "c");
        _guest.CreateFile("a/b/f", "deep");

        Assert.Equal(Errno.Success, _guest.Move("path_rename", "a/b", "c/d"));

        Assert.Equal("deep", _guest.ReadAll("c/d/f"));
        Assert.Equal("deep", _guest.ReadAll("c/d/../d/f"));
        Assert.Equal(Errno.NoEnt, _guest.Stat("a/b", out _, out _));
    }

    [Fact]
    public void Rename_OverAnOpenFile_LeavesItToItsDescriptor()
    {
        _guest.CreateFile("old", "old");
        _guest.CreateFile("new", "new");
        Assert.Equal(Errno.Success, _guest.Open("old", out var open));

        Assert.Equal(Errno.Success, _guest.Move("path_rename", "new", "old"));

        Assert.Equal("new", _guest.ReadAll("old"));
        Assert.Equal(Errno.Success, _guest.Read(open, 10, out var bytes));
        Assert.Equal("old"u8.ToArray(), bytes);
        Assert.Equal(6, _guest.Context.FileBytes);
        _guest.Close(open);
        Assert.Equal(3, _guest.Context.FileBytes);
    }

    [Fact]
    public void Rename_ToAnotherNameOfTheFile_ChangesNothing()
    {
        _guest.CreateFile("a", "x");
        Assert.Equal(Errno.Success, _guest.Move("path_link", "a", "b"));

        Assert.Equal(Errno.Success, _guest.Move("path_rename", "a", "b"));

        Assert.Equal("x", _guest.ReadAll("a"));
        Assert.Equal(Errno.Success, _guest.Stat("b", out _, out var links));
        Assert.Equal(2u, links);
    }

    [Theory]
    [InlineData("path_rename")]
    [InlineData("path_link")]
    public void Move_BetweenVolumes_IsCrossDevice(string function)
    {
        _guest.CreateFile("a", "x");

        Assert.Equal(Errno.XDev, _guest.Move(function, "a", "a", Guest.Root, Guest.Root + 1));
    }

    [Fact]
    public void Link_SharesContents_UntilTheLastNameIsGone()
    {
        _guest.CreateFile("a", "before");
        _guest.Move("path_link", "a", "b");
        _guest.CreateFile("a", "after!");

        Assert.Equal(Errno.Success, _guest.Path("path_unlink_file", Guest.Root, "a"));

        Assert.Equal("after!", _guest.ReadAll("b"));
        Assert.Equal(6, _guest.Context.FileBytes);
        Assert.Equal(Errno.Success, _guest.Path("path_unlink_file", Guest.Root, "b"));
        Assert.Equal(0, _guest.Context.FileBytes);
    }

    [Fact]
    public void RemovedDirectory_StillOpen_TakesNoNames()
    {
        MakeDirectories("a");
        Assert.Equal(Errno.Success, _guest.Open("a", out var open));

        Assert.Equal(Errno.Success, _guest.Path("path_remove_directory", Guest.Root, "a"));

        Assert.Equal(Errno.NoEnt, _guest.Open("f", out _, OFlags.Creat, directory: open, rights: Guest.AllRights));
        Assert.Equal(Errno.NoEnt, _guest.Path("path_create_directory", open, "d"));
        Assert.Equal([".", ".."], _guest.List(open).Select(entry => entry.Name));
    }

    [Theory]
    [InlineData(".", Errno.Inval)]
    [InlineData("a/..", Errno.Inval)]
    [InlineData("missing", Errno.NoEnt)]
    [InlineData("a", Errno.NotEmpty)]
    [InlineData("a/f", Errno.NotDir)]
    [InlineData("link", Errno.NotDir)]
    public void RemoveDirectory_OfWhatItCannotRemove_SaysWhy(string path, object expected)
    {
        MakeDirectories("a");
        _guest.CreateFile("a/f", "");
        _guest.Symlink("a", "link");

        Assert.Equal<object>(expected, _guest.Path("path_remove_directory", Guest.Root, path));
    }

    [Fact]
    public void List_WhileEntriesGoAndCome_ShowsEachThatStaysOnce()
    {
        var names = Enumerable.Range(0, 300).Select(i => $"file{i}").ToList();
        names.ForEach(name => _guest.CreateFile(name, ""));
        var seen = new List<string>();
        ulong cookie = 0;

        // Two entries at a time; each time the ones just seen are removed, and another is made.
        while (_guest.List(Guest.Root, cookie, bufferBytes: 80) is { Count: > 0 } entries && seen.Count < 2000)
        {
            cookie = entries[^1].Next;
            foreach (var (name, _) in entries)
            {
                seen.Add(name);
                if (name.StartsWith("file", StringComparison.Ordinal))
                {
                    Assert.Equal(Errno.Success, _guest.Path("path_unlink_file", Guest.Root, name));
                }
            }

            if (seen.Count < 200)
            {
                _guest.CreateFile($"late{seen.Count}", "");
            }
        }

        Assert.Equal(names, seen.Where(name => name.StartsWith("file", StringComparison.Ordinal)));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    private void MakeDirectories(params string[] paths) =>
        Assert.All(paths, path => Assert.Equal(Errno.Success, _guest.Path("path_create_directory", Guest.Root, path)));
}
