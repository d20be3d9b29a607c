using HostService.Runtime.Errors;
using HostService.Runtime.Tests.Compilation;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>A Store is a sandbox: bounded, interruptible, and gone without a trace.</summary>
public sealed class StoreTests
{
    private const string Memory = """
        (module (memory (export "m") 2 10)
          (func (export "write") (param i32 i32) local.get 0 local.get 1 i32.store)
          (func (export "read") (param i32) (result i32) local.get 0 i32.load)
          (func (export "grow") (param i32) (result i32) local.get 0 memory.grow))
        """;

    [Fact]
    public void Dispose_GivesMemoriesBack_AndNothingOfOneStoreIsReadableInTheNext()
    {
        using var engine = new Engine(new EngineOptions { Memory = new MemoryPoolSettings { MaxMemories = 1 } });
        using var module = Module.Compile(engine, Wat.ToBinary(Memory));
        var pre = new Linker(engine).InstantiatePre(module);
        for (var round = 1; round <= 20; round++)
        {
            using var store = new Store(engine);
            var instance = pre.Instantiate(store);
            Assert.Equal(2, instance.GetMemory("m")!.Pages);
            Assert.Equal(-1, instance.GetMemory("m")!.Span.IndexOfAnyExcept((byte)0));
            Assert.Equal(2, instance.GetFunction<int, int>("grow")(3));
            Assert.Equal(-1, instance.GetMemory("m")!.Span.IndexOfAnyExcept((byte)0));
            foreach (var address in new[] { 0, 65_532, 100_000 + (round * 4_096), (5 * 65_536) - 4 })
            {
                instance.GetAction<int, int>("write")(address, round);
            }

            Assert.Equal(1, engine.GetStatistics().MemoriesInUse);
        }

        Assert.Equal(0, engine.GetStatistics().MemoriesInUse);
    }

    [Fact]
    public void Dispose_Twice_IsAllowed_AndUseAfterwardsIsNot()
    {
        using var guest = new Guest(Memory);
        var function = guest.Instance.GetFunction("read")!;
        var memory = guest.Instance.GetMemory("m")!;

        guest.Store.Dispose();
        guest.Store.Dispose();

        Assert.Throws<ObjectDisposedException>(() => function.Call(0));
        Assert.Throws<ObjectDisposedException>(() => new Memory(guest.Store, memory.Type));
    }

    [Fact]
    public void Dispose_WhileAGuestRuns_IsRefused()
    {
        Exception? thrown = null;
        using var guest = new Guest(
            "(module (import \"h\" \"f\" (func $f)) (func (export \"run\") call $f))",
            link: linker => linker.DefineFunction("h", "f", (Caller caller) => { thrown = Record.Exception(caller.Store.Dispose); }));

        guest.Call("run");

        Assert.IsType<InvalidOperationException>(thrown);
    }

    [Fact]
    public void MemoryLimit_Growth_AnswersMinusOne()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(Memory));
        using var store = new Store(engine, new StoreLimits { MaxMemoryBytes = 4 * 65_536 });
        var grow = new Linker(engine).Instantiate(store, module).GetFunction<int, int>("grow");

        Assert.Equal((2, -1, 4), (grow(2), grow(1), grow(0)));
        Assert.Equal(4UL * 65_536, store.MemoryBytes);
    }

    [Fact]
    public void TableLimit_Growth_AnswersMinusOne()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(
            "(module (table 2 externref) (func (export \"grow\") (param i32) (result i32) ref.null extern local.get 0 table.grow))"));
        using var store = new Store(engine, new StoreLimits { MaxTableElements = 5 });
        var grow = new Linker(engine).Instantiate(store, module).GetFunction<int, int>("grow");

        Assert.Equal((2, -1, 5), (grow(3), grow(1), grow(0)));
    }

    [Theory]
    [InlineData("(func (export \"run\") (loop (br 0)))")]
    [InlineData("(func (export \"run\") (param $n i32) (loop (br_if 0 (i32.eqz (local.get $n)))) )")]
    [InlineData("(func $a (export \"run\") call $b call $b) (func $b call $c call $c) (func $c call $d call $d) (func $d call $e call $e) (func $e (loop (br 0)))")]
    public void Epoch_GuestThatDoesNotEnd_IsInterrupted(string function)
    {
        using var guest = new Guest($"(module {function})");
        var run = guest.Instance.GetFunction("run")!;
        guest.Store.SetEpochDeadline(1);
        using var timer = new Timer(_ => guest.Engine.IncrementEpoch(), null, 50, Timeout.Infinite);

        var trap = Assert.Throws<TrapException>(() => run.Call(run.ParameterCount == 0 ? [] : [Value.FromI32(0)]));

        Assert.Equal(TrapCode.Interrupted, trap.Code);
    }

    [Fact]
    public void Epoch_RecursionWithoutALoop_IsInterrupted()
    {
        // Two calls in each of forty levels: no loop and no depth, and yet it would run for hours.
        using var guest = new Guest("""
            (module (func $walk (export "run") (param i32)
              (if (local.get 0) (then
                (call $walk (i32.sub (local.get 0) (i32.const 1)))
                (call $walk (i32.sub (local.get 0) (i32.const 1)))))))
            """);
        guest.Store.SetEpochDeadline(1);
        using var timer = new Timer(_ => guest.Engine.IncrementEpoch(), null, 50, Timeout.Infinite);

        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(() => guest.Call("run", 40)).Code);
    }

    [Fact]
    public void Epoch_CallbackThatGrantsMore_LetsTheGuestGoOn()
    {
        using var guest = new Guest("""
            (module (func (export "run") (param i32) (result i32) (local i32)
              (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 1) (local.get 0))))
              (local.get 1)))
            """);
        var asked = 0;
        guest.Store.OnEpochDeadline(_ => ++asked < 3 ? 0UL : 1_000_000UL);
        guest.Store.SetEpochDeadline(0);

        Assert.Equal(100_000, guest.Call("run", 100_000)[0].I32);
        Assert.Equal(3, asked);
    }

    [Fact]
    public void StackLimit_SmallerStack_EndsRecursionEarlier()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("""
            (module (global (export "depth") (mut i32) (i32.const 0))
              (func $r (export "run") (global.set 0 (i32.add (global.get 0) (i32.const 1))) (call $r)))
            """));

        Assert.InRange((double)Depth(512 << 10) / Depth(64 << 10), 4, 16);

        int Depth(int bytes)
        {
            using var store = new Store(engine, new StoreLimits { MaxStackBytes = bytes });
            var instance = new Linker(engine).Instantiate(store, module);
            Assert.Equal(TrapCode.CallStackExhausted, Assert.Throws<TrapException>(() => instance.GetFunction("run")!.Call()).Code);
            return instance.GetGlobal("depth")!.Value.I32;
        }
    }

    [Fact]
    public void Extensions_OneOfEachType_AreFoundByIt()
    {
        using var engine = new Engine();
        using var store = new Store(engine);
        store.SetExtension("first");
        store.SetExtension(new List<int>());
        store.SetExtension("second");

        Assert.Equal("second", store.GetExtension<string>());
        Assert.Empty(store.GetExtension<List<int>>()!);
        Assert.Null(store.GetExtension<Version>());
    }
}
