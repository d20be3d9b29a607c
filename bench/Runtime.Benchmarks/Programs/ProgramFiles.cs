namespace HostService.Runtime.Benchmarks.Programs;

/// <summary>What is in <c>bench/programs</c>: programs of other people as npm installs them, and files of our own.</summary>
internal static class ProgramFiles
{
    public static byte[] QuickJs() => FromNpm("@jitl", "quickjs-wasmfile-release-sync", "dist", "emscripten-module.wasm");

    public static byte[] Esbuild() => FromNpm("@esbuild", "wasi-preview1", "esbuild.wasm");

    public static string Script() => Text("quickjs.js");

    /// <summary>A file of our own in the folder.</summary>
    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder(), name));

    /// <inheritdoc cref="Text"/>
    public static byte[] Binary(string name) => File.ReadAllBytes(Path.Combine(Folder(), name));

    private static byte[] FromNpm(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([Folder(), "node_modules", .. parts]);
        return File.Exists(path) ? File.ReadAllBytes(path) : throw new FileNotFoundException($"{path} is missing: run `npm ci` in bench/programs.");
    }

    private static string Folder()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "HostService.sln")))
                return Path.Combine(directory.FullName, "bench", "programs");
        throw new InvalidOperationException("HostService.sln was not found above the program; run it from the repository");
    }
}
