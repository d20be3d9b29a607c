using HostService.Runtime.Errors;

namespace HostService.Runtime.Fuzz.Stress;

/// <summary>What a thread does with an instance, and what must come of it.</summary>
internal static class StressOperations
{
    /// <summary>Each with its name, for the count.</summary>
    public static (string Name, Action<StressSession> Do)[] All { get; } =
    [
        ("sum", of => of.Returns(StressGuest.Sum(of.Number, 5_000), "sum", 5_000)),
        ("short sum", of => of.Returns(StressGuest.Sum(of.Number, 3), "sum", 3)),
        ("typed sum", of => of.Returns(StressGuest.Sum(of.Number, 100), () => of.Instance.GetFunction<int, int>("sum")(100))),
        ("calls", of => of.Returns(StressGuest.Fib(12), "fib", 12)),
        ("indirect", of => of.Returns(1_000 + of.Number, "indirect", 0, 1_000)),
        ("indirect to the host", of => of.Returns(2_000, "indirect", 2, 1_000)),
        ("made function", of => of.Returns(8, "made", 7)),
        ("tail calls", of => of.Returns(50 * of.Number, "tail", 50, 0L, 0L, 0L, 0L, 0L, 0L, 0L)),
        ("structures", of => of.Returns((20 * of.Number) + 210, "list", 20)),
        ("array", Array),
        ("exception", of => of.Throws("throw", of.Random.Next(20))),
        ("caught exception", of => of.Returns(of.Number, "catch", of.Random.Next(20))),
        ("reentry", of => of.Returns(of.Number, "again", of.Random.Next(20))),
        ("exception of the host", Fail),
        ("table", Put),
        ("unreachable", of => of.Traps(TrapCode.Unreachable, "unreachable")),
        ("division by zero", of => of.Traps(TrapCode.IntegerDivideByZero, "divide", 0)),
        ("overflow", of => of.Traps(TrapCode.IntegerOverflow, "divide", -1)),
        ("load beyond", of => of.Traps(TrapCode.OutOfBoundsMemoryAccess, "load", of.Random.Next(8 * StressGuest.MemoryBytes, int.MaxValue))),
        ("load far beyond", of => of.Traps(TrapCode.OutOfBoundsMemoryAccess, "load", -1 - of.Random.Next(1 << 30))),
        ("store beyond", of => of.Traps(TrapCode.OutOfBoundsMemoryAccess, "store", of.Random.Next(8 * StressGuest.MemoryBytes, int.MaxValue))),
        ("cast", of => of.Traps(TrapCode.CastFailure, "cast")),
        ("null", of => of.Traps(TrapCode.NullFunctionReference, "null", Value.FromRef(null))),
        ("undefined element", of => of.Traps(TrapCode.UndefinedElement, "indirect", 8, 0)),
        ("uninitialized element", of => of.Traps(TrapCode.UninitializedElement, "indirect", 7, 0)),
        ("type mismatch", of => of.Traps(TrapCode.IndirectCallTypeMismatch, "indirect", 1, 0)),
        ("stack", of => of.Traps(TrapCode.CallStackExhausted, "deep", 0)),
        ("deadline", of => Spin(of, "spin")),
        ("deadline in calls", of => Spin(of, "spin_calling")),
        ("growth", Grow),
        ("host writes", of => of.Instance.GetMemory("memory")!.Slice(of.Random.Next(30_000), 5_000).Fill(0xEE)),
        ("guest writes", Touch),
        ("core dump", of => of.DumpCore()),
        ("imports", Import),
        ("sharing", StressSharing.Share),
        ("tools", Look),
    ];

    private static void Array(StressSession of)
    {
        try
        {
            var array = of.Call("array", of.Random.Next(1, 1_000));
            of.Returns(of.Number, () => (int)of.Call("first", array[0])[0].I64);
        }
        catch (TrapException trap) when (of.IsHurried && trap.Code == TrapCode.Interrupted)
        {
        }
    }

    private static void Fail(StressSession of)
    {
        try
        {
            of.Call("fail");
        }
        catch (StressHostException)
        {
            return;
        }
        catch (TrapException trap) when (of.IsHurried && trap.Code == TrapCode.Interrupted)
        {
            return;
        }

        throw new StressFinding("what the host threw did not come back");
    }

    private static void Put(StressSession of)
    {
        var function = of.Random.Next(2) == 0 ? of.Instance.GetFunction("sum")! : Func.FromHost(of.Store, HostFunction.Create((int x) => StressGuest.Sum(of.Number, x)));
        of.Instance.GetTable("table")![4] = Value.FromRef(function);
        of.Returns(StressGuest.Sum(of.Number, 9), "indirect", 4, 9);
    }

    private static void Spin(StressSession of, string name)
    {
        var left = of.Random.Next(3);
        of.Store.OnEpochDeadline(_ => left-- > 0 ? 1UL : null);
        of.Store.SetEpochDeadline((ulong)of.Random.Next(3));
        of.Traps(TrapCode.Interrupted, name);
        of.Store.OnEpochDeadline(null);
        of.Store.SetEpochDeadline(ulong.MaxValue);
        of.IsHurried = false;
    }

    private static void Grow(StressSession of)
    {
        var memory = of.Instance.GetMemory("memory")!;
        var before = memory.Pages;
        of.Returns(before < 8 ? (int)before : -1, "grow");
        if (memory.Pages > before && memory.Slice(before * StressGuest.MemoryBytes, StressGuest.MemoryBytes).ContainsAnyExcept((byte)0))
        {
            throw new StressFinding("a new page is not zero");
        }
    }

    private static void Touch(StressSession of)
    {
        try
        {
            of.Call("touch", of.Random.Next(30_000));
        }
        catch (TrapException trap) when (of.IsHurried && trap.Code == TrapCode.Interrupted)
        {
        }
    }

    // Another module in the same Store, which may go while its functions are in the first one's table.
    private static void Import(StressSession of)
    {
        var number = of.Random.Next(StressGuest.Count);
        using var module = Module.Compile(of.World.Engine, StressGuest.Importer(number));
        var instance = new Linker(of.World.Engine).DefineInstance("other", of.Instance).Instantiate(of.Store, module);
        if (of.Random.Next(2) == 0)
        {
            module.Dispose();
        }

        of.Returns(StressGuest.Sum(of.Number, 20) + number, () => instance.GetFunction("sum")!.Call(20)[0].I32);
        of.Returns(StressGuest.Sum(of.Number, 20) + number, "indirect", 6, 20);
        of.Returns(of.Number, () => instance.GetFunction("catch")!.Call(3)[0].I32);
        of.Traps(TrapCode.CallStackExhausted, instance, "deep", 0);
        of.Traps(TrapCode.OutOfBoundsMemoryAccess, instance, "load", 8 * StressGuest.MemoryBytes);
    }

    // What an embedder does with a module that others run, and may dispose.
    private static void Look(StressSession of)
    {
        _ = of.Module.Module.GetStatistics();
        _ = of.Module.Module.ProfiledFunctionCount;
        switch (of.Random.Next(3))
        {
            case 0:
                of.Module.Module.Prepare();
                break;
            case 1:
                _ = of.Module.Module.Serialize();
                break;
        }
    }
}
