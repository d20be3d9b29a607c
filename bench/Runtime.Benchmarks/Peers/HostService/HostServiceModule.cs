using System.Buffers.Binary;
using HostService.Runtime.Benchmarks.Modules;
using HostService.Runtime.Wasi.Preview1;

namespace HostService.Runtime.Benchmarks.Peers.HostService;

internal sealed class HostServiceModule(Engine engine, Module module, InstancePre instancePre) : IPeerModule
{
    // Any store here outlives no epoch: the deadline only has to be in the future.
    internal const ulong FarDeadline = 1UL << 40;

    public void CompileAll() => module.Prepare();

    public void Instantiate(int operations, InstantiateKind kind)
    {
        for (var i = 0; i < operations; i++)
        {
            using var store = NewStore(kind == InstantiateKind.Wasi);
            var instance = instancePre.Instantiate(store);
            if (kind == InstantiateKind.GuestWrite)
                instance.GetAction<int>("write")(i);
            else if (kind == InstantiateKind.Write)
                BinaryPrimitives.WriteInt32LittleEndian(instance.GetMemory("memory")!.Slice(InstantiationModules.WriteAddress, sizeof(int)), i);
        }
    }

    public IPeerInstance NewInstance()
    {
        var store = NewStore(wasi: true);
        return new HostServiceInstance(store, instancePre.Instantiate(store));
    }

    public void Dispose() => module.Dispose();

    private Store NewStore(bool wasi)
    {
        var store = new Store(engine);
        store.SetEpochDeadline(FarDeadline);
        if (wasi)
            store.SetExtension(new WasiContext(new WasiOptions { Arguments = ["program"], Environment = [new("NAME", "value")] }));
        return store;
    }
}
