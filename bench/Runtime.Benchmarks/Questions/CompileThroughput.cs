using BenchmarkDotNet.Attributes;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks.Questions;

/// <summary>How long does it take from the binary to a module that is ready, and to the first result?</summary>
public class CompileThroughput : Question
{
    private byte[] _binary = [];

    /// <summary>How many functions the module has.</summary>
    [Params(10, 100, 1_000)]
    public int Functions { get; set; }

    [GlobalSetup]
    public void Setup() => _binary = WasmtimePeer.ToBinary(CompileModules.Chain(Functions));

    [Benchmark]
    public void UploadToReady() => Peer.Compile(_binary).Dispose();

    [Benchmark]
    public ulong UploadToFirstResult()
    {
        using var module = Peer.Compile(_binary);
        using var instance = module.NewInstance();
        return instance.Bind(Kernel.Export, "5")();
    }
}
