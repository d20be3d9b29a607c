namespace HostService.Runtime.Benchmarks.Peers.V8;

internal sealed class V8Module(byte[] binary) : IPeerModule
{
    // TurboFan has its turn once a function is hot, which the rounds before the first counted one see to.
    public void CompileAll()
    {
    }

    public void Instantiate(int operations, InstantiateKind kind) => throw new PeerException("V8's instantiation is not measured");

    public IPeerInstance NewInstance() => new V8Instance(binary);

    public void Dispose()
    {
    }
}
