using System.Globalization;

namespace HostService.Runtime.Benchmarks;

/// <summary>The command line: words, <c>--flags</c>, and <c>--options</c> with a value.</summary>
internal sealed class Options(string[] args)
{
    private static readonly string[] s_withValue = ["--json", "--group", "--keep-resident"];

    /// <summary>The words that are neither options nor their values.</summary>
    public IReadOnlyList<string> Positional { get; } =
        [.. args.Where((word, i) => !word.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !s_withValue.Contains(args[i - 1])))];

    public ulong KeepResidentBytes => Value("--keep-resident") is { } bytes ? ulong.Parse(bytes, CultureInfo.InvariantCulture) : 0;

    public bool Has(string flag) => args.Contains(flag);

    public string? Value(string option) => Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

    public static int Usage()
    {
        Console.Error.WriteLine("""
            usage: ratio [--quick] [--native] [--group instantiate|call|exceptions|exceptions_v8|compute|checks|compile|program|lifecycle] [--json FILE] [--keep-resident BYTES]
                   kernel FILE EXPORT ARG [--quick] [--json FILE]
                   compile FILE [--quick] [--json FILE]
                   program hello|flite|esbuild|pandoc ours|wasmtime
                   (anything else goes to BenchmarkDotNet: --filter '*Instantiate*', --list flat, ...)
            """);
        return 2;
    }
}
