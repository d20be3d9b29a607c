using HostService.Runtime.Benchmarks.Peers;
using HostService.Runtime.Benchmarks.Peers.HostService;
using HostService.Runtime.Benchmarks.Peers.Wasmtime;

namespace HostService.Runtime.Benchmarks;

/// <summary>The two engines as every comparison of this project configures them.</summary>
internal static class Contestants
{
    private const uint Slots = 4;

    /// <param name="keepResidentBytes">0 is Wasmtime's default. More makes writing to small memories cheaper and large images dearer.</param>
    public static IPeer NewWasmtime(ulong keepResidentBytes) => new WasmtimePeer(new PoolSettings(Slots, keepResidentBytes));

    public static IPeer NewOurs() => new HostServicePeer((int)Slots, interruptible: true);

    /// <summary>Our engine, compiling guests without deadline and stack checks: what those cost is the difference.</summary>
    public static IPeer NewOursWithoutChecks() => new HostServicePeer((int)Slots, interruptible: false);
}
