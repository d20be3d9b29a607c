using System.Globalization;
using HostService.Runtime.Types;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Runtime.Benchmarks.Peers.HostService;

/// <summary>The engine of this repository, through its public API alone, but for the option that leaves deadline and stack checks out.</summary>
internal sealed class HostServicePeer : IPeer
{
    private readonly Engine _engine;
    private readonly int _slots;
    private readonly bool _interruptible;

    public HostServicePeer(int slots, bool interruptible)
    {
        _slots = slots;
        _interruptible = interruptible;
        _engine = new Engine(new EngineOptions
        {
            Features = WasmFeatures.LegacyExceptions,
            HostFunctions = [.. WasiPreview1.HostFunctions, new HostFunctionDefinition("host", "add", HostFunction.Create((int left, int right) => left + right))],
            Memory = new MemoryPoolSettings { MaxMemories = slots },
            OmitsInterruption = !interruptible,
        });
    }

    public string Name => _interruptible ? "ours" : "no checks";

    public string Configuration =>
        string.Create(CultureInfo.InvariantCulture, $"HostService.Runtime on {Environment.Version}, memory pool with {_slots} slots, {(_engine.UsesGuardPages ? "guard pages" : "explicit bounds checks")}, epoch and stack checks {(_interruptible ? "on" : "off")}");

    public IPeerModule Compile(byte[] binary)
    {
        var module = Module.Compile(_engine, binary);
        var linker = new Linker(_engine);
        return new HostServiceModule(_engine, module, linker.InstantiatePre(module));
    }

    public IPeerInstance Link(IReadOnlyList<(string Name, byte[] Binary)> modules)
    {
        var store = new Store(_engine);
        store.SetEpochDeadline(HostServiceModule.FarDeadline);
        var linker = new Linker(_engine);
        Instance? last = null;
        foreach (var (name, binary) in modules)
        {
            last = linker.Instantiate(store, Module.Compile(_engine, binary));
            linker.DefineInstance(name, last);
        }

        return new HostServiceInstance(store, last!);
    }

    public IPeerCommand CompileCommand(byte[] binary)
    {
        var module = Module.Compile(_engine, binary);
        return new HostServiceCommand(_engine, module, new Linker(_engine).InstantiatePre(module));
    }

    public void Dispose() => _engine.Dispose();
}
