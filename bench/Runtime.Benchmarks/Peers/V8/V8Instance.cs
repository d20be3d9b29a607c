using System.Diagnostics;
using System.Globalization;

namespace HostService.Runtime.Benchmarks.Peers.V8;

/// <summary>An instance in a node process of its own, which ends with it.</summary>
internal sealed class V8Instance : IPeerInstance
{
    private const string Script = """
        const lines = require('readline').createInterface({ input: process.stdin });
        let instance;
        lines.on('line', line => {
          if (!instance) {
            instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(line, 'base64')));
            return;
          }
          const [name, argument] = line.split(' ');
          process.stdout.write(`${instance.exports[name](Number(argument)) >>> 0}\n`);
        });
        """;

    private readonly Process _node;

    public V8Instance(byte[] binary)
    {
        try
        {
            _node = Process.Start(new ProcessStartInfo("node", ["--eval", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new PeerException("there is no node on this machine");
        }

        _node.StandardInput.WriteLine(Convert.ToBase64String(binary));
    }

    public Func<ulong> Bind(string export, string argument) => () =>
    {
        _node.StandardInput.WriteLine($"{export} {argument}");
        _node.StandardInput.Flush();
        return _node.StandardOutput.ReadLine() is { } answer
            ? ulong.Parse(answer, CultureInfo.InvariantCulture)
            : throw new PeerException("node ended without an answer");
    };

    public int CallTyped(int calls) => throw new PeerException("V8's single calls are not measured");

    public int CallUntyped(int calls) => throw new PeerException("V8's single calls are not measured");

    public int CatchTraps(int calls) => throw new PeerException("V8's single calls are not measured");

    public void Dispose()
    {
        _node.Kill();
        _node.WaitForExit();
        _node.Dispose();
    }
}
