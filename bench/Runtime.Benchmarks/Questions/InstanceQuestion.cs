using BenchmarkDotNet.Attributes;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks.Questions;

/// <summary>A question that is put to one live instance of <see cref="CallModule"/>.</summary>
public abstract class InstanceQuestion : Question
{
    private IPeerModule? _module;

    private protected IPeerInstance Instance { get; private set; } = null!;

    [GlobalSetup]
    public virtual void Setup()
    {
        _module = Peer.Compile(WasmtimePeer.ToBinary(CallModule.Text));
        Instance = _module.NewInstance();
    }

    public override void Cleanup()
    {
        Instance.Dispose();
        _module?.Dispose();
        base.Cleanup();
    }
}
