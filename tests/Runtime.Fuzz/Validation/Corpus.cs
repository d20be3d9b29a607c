namespace HostService.Runtime.Fuzz.Validation;

/// <summary>The binaries that are damaged: those of the conformance suite, small ones first choice because most mutations of large ones hit data.</summary>
internal static class Corpus
{
    private const int LargestBytes = 4096;

    /// <summary>All binaries of at most 4 KiB of some suites, in the order of their names.</summary>
    public static IReadOnlyList<byte[]> Load(params string[] suites) =>
    [
        .. suites.SelectMany(suite => Directory.EnumerateFiles(Path.Combine(FindSuites(), suite), "*.wasm", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Where(path => new FileInfo(path).Length <= LargestBytes)
            .Select(File.ReadAllBytes),
    ];

    private static string FindSuites()
    {
        if (Environment.GetEnvironmentVariable("WASM_SUITES") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "suites");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("The conformance suites are neither where WASM_SUITES says nor in shared/suites beside the repository.");
    }
}
