using System.Diagnostics;

namespace HostService.Runtime.Benchmarks.Peers.V8;

/// <summary>V8, as node runs it. A call is a line to a process and back, so only what runs for milliseconds inside one call can be measured.</summary>
internal sealed class V8Peer : IPeer
{
    public string Name => "v8";

    public string Configuration => Describe();

    public IPeerModule Compile(byte[] binary) => new V8Module(binary);

    public IPeerInstance Link(IReadOnlyList<(string Name, byte[] Binary)> modules) => throw new PeerException("V8 is asked for single modules only");

    public IPeerCommand CompileCommand(byte[] binary) => throw new PeerException("V8 is asked for no commands");

    public void Dispose()
    {
    }

    private static string Describe()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", ["--print", "`V8 ${process.versions.v8} of node ${process.versions.node}`"]) { RedirectStandardOutput = true })!;
            return node.StandardOutput.ReadToEnd().Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "V8: there is no node on this machine";
        }
    }
}
