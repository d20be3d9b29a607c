using HostService.Runtime.Errors;

namespace HostService.Runtime.Fuzz.Stress;

/// <summary>What threads do with a memory that several Stores have.</summary>
internal static class StressSharing
{
    /// <summary>Makes a Store with an instance that imports it, and uses it.</summary>
    public static void Share(StressSession of)
    {
        using var store = new Store(of.World.Engine);
        Instance instance;
        try
        {
            instance = new Linker(of.World.Engine).Define("h", "memory", of.World.AnyMemory(of.Random)).Instantiate(store, of.World.Sharer);
        }
        catch (ObjectDisposedException)
        {
            return; // another thread let it go
        }

        for (var i = of.Random.Next(6); i >= 0; i--)
        {
            Use(of, store, instance);
        }
    }

    private static void Use(StressSession of, Store store, Instance instance)
    {
        int Call(string name, params Value[] arguments) => instance.GetFunction(name)!.Call(arguments)[0].I32;
        switch (of.Random.Next(6))
        {
            case 0:
                Call("add", 1);
                break;
            case 1:
                if (Call("wait") is not (0 or 2))
                {
                    throw new StressFinding("a wait that neither ended nor was ended");
                }

                break;
            case 2:
                Call("notify");
                break;
            case 3:
                if (Call("grow") is var before && before is < -1 or > 15)
                {
                    throw new StressFinding($"growth from {before} pages");
                }

                break;
            case 4:
                Demand(TrapCode.OutOfBoundsMemoryAccess, () => Call("beyond"));
                break;
            default:
                store.SetEpochDeadline(1);
                Demand(TrapCode.Interrupted, () => Call("block"));
                store.SetEpochDeadline(ulong.MaxValue);
                break;
        }
    }

    private static void Demand(TrapCode code, Func<int> call)
    {
        try
        {
            call();
        }
        catch (TrapException trap) when (trap.Code == code)
        {
            return;
        }

        throw new StressFinding($"no trap, but {code} was due");
    }
}
