using BenchmarkDotNet.Attributes;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks.Questions;

/// <summary>What does a fresh store with an instance cost, and does it depend on the module's size?</summary>
public class Instantiate : Question
{
    private const int Operations = 1_000;
    private IPeerModule? _module;

    /// <summary>How many functions the module has, each also in its table.</summary>
    [Params(1, 100, 10_000)]
    public int Functions { get; set; }

    [GlobalSetup]
    public void Setup() => _module = Peer.Compile(WasmtimePeer.ToBinary(InstantiationModules.Functions(Functions)));

    [Benchmark(OperationsPerInvoke = Operations)]
    public void StoreAndInstance() => _module!.Instantiate(Operations, InstantiateKind.Plain);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void StoreInstanceAndWrite() => _module!.Instantiate(Operations, InstantiateKind.Write);

    public override void Cleanup()
    {
        _module?.Dispose();
        base.Cleanup();
    }
}
