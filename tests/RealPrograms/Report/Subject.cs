namespace HostService.RealPrograms.Report;

/// <summary>A command that both sides run: the binary, what it is given, and what it must print for a time to count.</summary>
internal sealed record Subject(string Name, byte[] Binary, IReadOnlyList<string> Arguments, string StandardInput, string Expected)
{
    public static IEnumerable<Subject> All() =>
    [
        new("esbuild", Programs.Esbuild(), ["--loader=ts", "--minify"], "const greet = (name: string): string => `Hello, ${name}!`;", "const greet=t=>`Hello, ${t}!`;\n"),
        new("flite", Programs.Flite(), ["-t", "hello world", "-ps", "-o", "/o.wav"], "", "pau hh ax l ow w er l d pau \n"),
        new("trap", Programs.Sample("trap"), ["total=100&quantity=4"], "", "Content-Type: text/plain\n\nunit price: 25\n"),
        new("hello", Programs.Sample("hello"), [], "", "Content-Type: text/plain; charset=utf-8\n\nHello, stranger!\n"),
    ];
}

/// <summary>What was measured on one side.</summary>
/// <param name="ReadySeconds">From the binary to the moment at which it can be called: upload to answer, or compilation.</param>
/// <param name="FirstMilliseconds">The first invocation, with a fresh store.</param>
/// <param name="TenthMilliseconds">The tenth, with a fresh store too.</param>
internal sealed record Times(double ReadySeconds, double FirstMilliseconds, double TenthMilliseconds);

/// <summary>One program on both sides.</summary>
internal sealed record ReportLine(string Name, int SizeBytes, Times Service, Times Wasmtime);
