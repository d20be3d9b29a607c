using HostService.Runtime.Wasi.Preview1;

namespace HostService.Runtime.Conformance.Wasi;

/// <summary>The folder that a test starts with, as a guest is given it.</summary>
internal static class TestFolder
{
    // Empty folders are kept by such a file, which isn't part of them.
    private const string Keeper = ".keep";

    /// <summary>In memory.</summary>
    public static WasiPreopen Virtual(string folder)
    {
        var tree = new WasiFileTreeBuilder();
        foreach (var (path, file) in Items(folder))
        {
            _ = file is null ? tree.AddDirectory(path) : tree.AddFile(path, File.ReadAllBytes(file));
        }

        return WasiPreopen.Virtual("/", tree.Build(TimeProvider.System.GetUtcNow()));
    }

    /// <summary>A copy on the host's disk.</summary>
    public static WasiPreopen Host(string folder, string copy)
    {
        foreach (var (path, file) in Items(folder))
        {
            var target = Path.Combine(copy, path);
            if (file is null)
            {
                Directory.CreateDirectory(target);
            }
            else
            {
                // Not File.Copy: the suite may be read-only, and the copy is not to be.
                File.WriteAllBytes(target, File.ReadAllBytes(file));
            }
        }

        return WasiPreopen.Host("/", copy, isReadOnly: false);
    }

    // Folders come before what is in them.
    private static IEnumerable<(string Path, string? File)> Items(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Where(item => item.Name != Keeper)
            .OrderBy(item => item.FullName, StringComparer.Ordinal)
            .Select(item => (Path.GetRelativePath(folder, item.FullName), item is FileInfo ? item.FullName : null));
}
