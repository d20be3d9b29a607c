namespace HostService.Runtime.Benchmarks.Peers;

/// <summary>A compiled WASI command that can be run again and again, each time in a store of its own.</summary>
internal interface IPeerCommand : IDisposable
{
    /// <summary>Runs it to its end with a directory of the host opened for reading as <c>/</c>, and answers what it wrote to standard output.</summary>
    /// <exception cref="PeerException">It did not end with code 0.</exception>
    string Run(IReadOnlyList<string> arguments, string folder);
}
