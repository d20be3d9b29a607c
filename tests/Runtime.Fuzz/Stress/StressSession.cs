using HostService.Runtime.Errors;

namespace HostService.Runtime.Fuzz.Stress;

/// <summary>One Store with an instance, and what is expected of calls in it. Used by one thread.</summary>
/// <param name="world">Where it is.</param>
/// <param name="module">What it is an instance of.</param>
/// <param name="store">The Store.</param>
/// <param name="random">What is done.</param>
internal sealed class StressSession(StressWorld world, StressModule module, Store store, Random random)
{
    private TrapException? _trap;

    public StressWorld World => world;

    public StressModule Module => module;

    public int Number => module.Number;

    public Store Store => store;

    public Random Random => random;

    /// <summary>The instance.</summary>
    public required Instance Instance { get; init; }

    /// <summary>Whether the deadline may come at any moment.</summary>
    public bool IsHurried { get; set; }

    /// <summary>Calls a function of the instance.</summary>
    public Value[] Call(string name, params ReadOnlySpan<Value> arguments) => Instance.GetFunction(name)!.Call(arguments);

    /// <summary>Demands that a call return something, unless it is interrupted.</summary>
    public void Returns(int expected, Func<int> call)
    {
        try
        {
            if (call() is var result && result != expected)
            {
                throw new StressFinding($"{result} instead of {expected}");
            }
        }
        catch (TrapException trap) when (IsHurried && trap.Code == TrapCode.Interrupted)
        {
            _trap = trap;
        }
    }

    /// <summary>The same for an exported function.</summary>
    public void Returns(int expected, string name, params Value[] arguments) => Returns(expected, () => Call(name, arguments)[0].I32);

    /// <summary>Demands that a call trap.</summary>
    public void Traps(TrapCode code, string name, params Value[] arguments) => Traps(code, Instance, name, arguments);

    /// <summary>The same for another instance of the Store.</summary>
    public void Traps(TrapCode code, Instance instance, string name, params Value[] arguments)
    {
        try
        {
            instance.GetFunction(name)!.Call(arguments);
        }
        catch (TrapException trap) when (trap.Code == code || (IsHurried && trap.Code == TrapCode.Interrupted))
        {
            if (trap.Frames.IsEmpty || trap.Frames.Any(frame => frame.Function.Length == 0))
            {
                throw new StressFinding($"a trap without frames: {trap}");
            }

            _trap = trap;
            return;
        }

        throw new StressFinding($"no trap, but {code} was due");
    }

    /// <summary>Demands that a call end with an exception of the guest with the module's number.</summary>
    public void Throws(string name, params Value[] arguments)
    {
        try
        {
            Call(name, arguments);
        }
        catch (GuestException thrown)
        {
            if (thrown.Payload(store)[0].I32 != Number || !thrown.Is(Instance.GetTag("tag")!))
            {
                throw new StressFinding("an exception of another tag or payload");
            }

            return;
        }
        catch (TrapException trap) when (IsHurried && trap.Code == TrapCode.Interrupted)
        {
            _trap = trap;
            return;
        }

        throw new StressFinding("nothing was thrown");
    }

    /// <summary>Demands that a new instance hold what its module says and nothing else.</summary>
    public void CheckFresh()
    {
        var bytes = Instance.GetMemory("memory")!.Slice(0, StressGuest.MemoryBytes);
        var data = bytes.Slice(StressGuest.DataAt, 5_000);
        if (bytes[..StressGuest.DataAt].ContainsAnyExcept((byte)0) || data.ContainsAnyExcept((byte)Number) || bytes[(StressGuest.DataAt + 5_000)..].ContainsAnyExcept((byte)0))
        {
            throw new StressFinding("a new memory is not as its module says");
        }

        var table = Instance.GetTable("table")!;
        if (Instance.GetGlobal("global")!.Value.I64 != Number || table[0].Reference is null || table[5].Reference is not null || table[7].Reference is not null)
        {
            throw new StressFinding("a new global or table is not as its module says");
        }
    }

    /// <summary>Writes a core dump of the last trap, if there was one.</summary>
    public void DumpCore()
    {
        if (_trap is { } trap)
        {
            store.WriteCoreDump(trap, Stream.Null, maxMemoryBytes: 1 << 20);
        }
    }
}

/// <summary>Something was not as it must be.</summary>
internal sealed class StressFinding(string message) : Exception(message);
