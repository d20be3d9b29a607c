using BenchmarkDotNet.Attributes;
using HostService.Runtime.Benchmarks.Peers;

namespace HostService.Runtime.Benchmarks.Questions;

/// <summary>What the benchmark classes share: one engine, chosen by a parameter, so that rows share no warmed state.</summary>
[MemoryDiagnoser]
public abstract class Question
{
    private IPeer? _peer;

    /// <summary>Which engine runs.</summary>
    [Params("ours", "wasmtime")]
    public string EngineName { get; set; } = "ours";

    private protected IPeer Peer => _peer ??= EngineName == "ours" ? Contestants.NewOurs() : Contestants.NewWasmtime(keepResidentBytes: 0);

    [GlobalCleanup]
    public virtual void Cleanup()
    {
        _peer?.Dispose();
        _peer = null;
    }
}
