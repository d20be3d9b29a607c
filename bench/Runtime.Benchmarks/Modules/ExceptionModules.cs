using HostService.Runtime.Benchmarks.Peers.Wasmtime;
using HostService.Runtime.Benchmarks.Programs;

namespace HostService.Runtime.Benchmarks.Modules;

/// <summary>The modules of the exception rows: a loop that calls through a number of frames to one that throws, and catches what arrives.</summary>
internal static class ExceptionModules
{
    /// <summary>How many frames lie between the one that throws and the one that catches.</summary>
    public static IReadOnlyList<int> Depths { get; } = [0, 1, 10, 100];

    /// <summary>The export that throws and catches as often as its parameter says.</summary>
    public static string Export(int depth) => $"depth_{depth}";

    /// <summary>With the instructions of WebAssembly 3.0.</summary>
    public static byte[] Standard() => WasmtimePeer.ToBinary(ProgramFiles.Text("exceptions.wat"));

    /// <summary>With those that came before it, which every V8 runs. Wasmtime's translator knows them no more, so the binary is kept.</summary>
    public static byte[] Legacy() => ProgramFiles.Binary("exceptions-legacy.wasm");
}
