namespace HostService.Runtime.Benchmarks.Modules;

/// <summary>A kernel of <c>bench/kernels</c>: one line of its <c>kernels.txt</c>.</summary>
/// <param name="Name">The file name without extension; a name that ends in <c>_simd</c> uses 128-bit vectors.</param>
/// <param name="Argument">What <c>run</c> is called with, chosen for a run of about ten milliseconds.</param>
internal sealed record Kernel(string Name, string Argument)
{
    public const string Export = "run";

    private static string Directory => Path.Combine(AppContext.BaseDirectory, "kernels");

    public bool IsSimd => Name.EndsWith("_simd", StringComparison.Ordinal);

    /// <summary>The same C source compiled to machine code, where <c>build.sh --native</c> made it.</summary>
    public string? NativeLibrary => Path.Combine(Directory, Name + ".so") is var path && File.Exists(path) ? path : null;

    public static IReadOnlyList<Kernel> All() =>
        [.. File.ReadLines(Path.Combine(Directory, "kernels.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => new Kernel(words[0], words[1]))];

    public byte[] ReadBinary() => File.ReadAllBytes(Path.Combine(Directory, Name + ".wasm"));
}
