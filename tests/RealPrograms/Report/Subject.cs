namespace HostService.RealPrograms.Report;

/// <summary>A command that both sides run: the binary, what it is given, and what it must print for a time to count.</summary>
internal sealed record Subject(string Name, byte[] Binary, IReadOnlyList<string> Arguments, string StandardInput, string Expected)
{
    /// <summary>Whether Wasmtime takes it: the first form of exceptions it does not.</summary>
    public bool RunsOnWasmtime { get; init; } = true;

    public static IEnumerable<Subject> All() =>
    [
        new("esbuild", Programs.Esbuild(), ["--loader=ts", "--minify"], "const greet = (name: string): string => `Hello, ${name}!`;", "const greet=t=>`Hello, ${t}!`;\n"),
        new("flite", Programs.Flite(), ["-t", "hello world", "-ps", "-o", "/o.wav"], "", "pau hh ax l ow w er l d pau \n"),
        new("pandoc", Programs.Pandoc(), ["--from=markdown", "--to=html"], "*Hello*, **world**!", "<p><em>Hello</em>, <strong>world</strong>!</p>\n") { RunsOnWasmtime = false },
        new("trap", Programs.Sample("trap"), ["total=100&quantity=4"], "", "Content-Type: text/plain\n\nunit price: 25\n"),
        new("hello", Programs.Sample("hello"), [], "", "Content-Type: text/plain; charset=utf-8\n\nHello, stranger!\n"),
    ];

    /// <summary>Ends the report when a side printed something else.</summary>
    public void Check(string output, string side)
    {
        if (output != Expected)
        {
            throw new InvalidOperationException($"{Name} on {side} printed\n{output}\nand should have printed\n{Expected}");
        }
    }
}

/// <summary>What was measured on one side.</summary>
/// <param name="ReadySeconds">From the binary to the moment at which it can be called: upload to answer, or compilation.</param>
/// <param name="FirstMilliseconds">The first invocation, with a fresh store.</param>
/// <param name="TenthMilliseconds">The tenth, with a fresh store too.</param>
internal sealed record Times(double ReadySeconds, double FirstMilliseconds, double TenthMilliseconds);

/// <summary>What was measured of the service, which goes on optimising after a module is ready.</summary>
/// <param name="Early">From the upload on, whatever code the calls run.</param>
/// <param name="OptimizedSeconds">From the upload until calls run optimised code.</param>
/// <param name="FirstOptimizedMilliseconds">The first call after that.</param>
/// <param name="OptimizedMilliseconds">The median of ten calls after that.</param>
internal sealed record ServiceTimes(Times Early, double OptimizedSeconds, double FirstOptimizedMilliseconds, double OptimizedMilliseconds);

/// <summary>One program on both sides; null where Wasmtime doesn't take it.</summary>
internal sealed record ReportLine(string Name, int SizeBytes, ServiceTimes Service, Times? Wasmtime);
