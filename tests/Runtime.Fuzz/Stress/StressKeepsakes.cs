using HostService.Runtime.Errors;

namespace HostService.Runtime.Fuzz.Stress;

/// <summary>What hosts keep of Stores that are disposed: they must find out, and must not reach what the next Stores have.</summary>
internal sealed class StressKeepsakes
{
    private readonly Keepsake?[] _places = new Keepsake?[16];

    /// <summary>Takes things of a Store; to be called before it is disposed.</summary>
    public static Keepsake Take(StressSession of) => new(of.Store, of.Instance.GetFunction("sum")!, of.Instance.GetMemory("memory")!, of.Call("array", 3)[0]);

    /// <summary>Leaves them for others; to be called after it is disposed.</summary>
    public void Leave(Keepsake things, Random random) => Interlocked.Exchange(ref _places[random.Next(_places.Length)], things);

    /// <summary>Lets all go: a host function that is reachable keeps its type in the Engine.</summary>
    public void Clear() => Array.Clear(_places);

    /// <summary>Uses what another thread left.</summary>
    public void Use(StressSession of)
    {
        if (Interlocked.Exchange(ref _places[of.Random.Next(_places.Length)], null) is not { } kept || !ReferenceEquals(kept.Store.Engine, of.World.Engine))
        {
            return;
        }

        Refused(() => kept.Function.Call(1));
        Refused(() => kept.Memory.Grow(1));
        Refused(kept.Store.CheckDeadline);
        kept.Store.SetEpochDeadline(0);
        kept.Store.Dispose();
        if (kept.Store.MemoryBytes != 0 || kept.Memory.Length != 0)
        {
            throw new StressFinding("a disposed Store has a memory");
        }

        // An array outlives its Store, and its type as long as some module has it.
        try
        {
            of.Call("first", kept.Array);
        }
        catch (Exception refused) when (refused is ArgumentException || (of.IsHurried && refused is TrapException { Code: TrapCode.Interrupted }))
        {
        }
    }

    private static void Refused(Action use)
    {
        try
        {
            use();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        throw new StressFinding("a disposed Store was used");
    }

    internal sealed record Keepsake(Store Store, Func Function, Memory Memory, Value Array);
}
