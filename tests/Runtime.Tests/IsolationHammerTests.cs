using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>
/// No byte that one Store wrote is readable by the next, by whatever code and instruction it was written: memories in slots that are used again at once, by two modules in turn, and globals and tables beside them.
/// </summary>
public sealed class IsolationHammerTests
{
    private const int Threads = 3;
    private const int DataBytes = 5_000;
    private const int DataAt = 60_000;

    // Every way in which an instance is written to, by the guest or on its behalf.
    private static readonly string[] s_writers =
        ["store", "constant", "loop", "fill", "copy", "init", "grow", "atomic", "vector", "lane", "host", "global", "table", "trap", "wide"];

    [Theory]
    [InlineData(CompilationStrategy.Optimized, 0, BoundsChecks.Automatic)]
    [InlineData(CompilationStrategy.Baseline, 0, BoundsChecks.Explicit)]
    [InlineData(CompilationStrategy.Interpreted, 0, BoundsChecks.Automatic)]
    [InlineData(CompilationStrategy.Interpreted, 2, BoundsChecks.Automatic)]
    public void Hammer_EveryKindOfWrite_LeavesNothingForTheNextStore(CompilationStrategy strategy, int handsOverAfter, BoundsChecks checks)
    {
        using var engine = new Engine(new EngineOptions
        {
            Compilation = strategy,
            HandsOverAfter = handsOverAfter,
            BoundsChecks = checks,
            Features = WasmFeatures.Threads,
            Memory = new MemoryPoolSettings { MaxMemories = 2 * Threads },
        });
        using var first = Module.Compile(engine, Wat.ToBinary(TextOf('a')));
        using var second = Module.Compile(engine, Wat.ToBinary(TextOf('b')));
        var linker = new Linker(engine).DefineFunction("host", "write", (Caller caller, int address) => caller.GetMemory("m")!.Slice(address, 3).Fill(0xEE));
        var (ofFirst, ofSecond) = (linker.InstantiatePre(first), linker.InstantiatePre(second));

        Hammer.Run(Threads, TimeSpan.FromSeconds(1), (_, random) =>
        {
            var isFirst = random.Next(2) == 0;
            using var store = new Store(engine);
            var instance = (isFirst ? ofFirst : ofSecond).Instantiate(store);
            CheckFresh(instance, (byte)(isFirst ? 'a' : 'b'));
            Write(instance, random);
        }, atLeast: 2 * Threads);
    }

    [Theory]
    [InlineData(CompilationStrategy.Optimized)]
    [InlineData(CompilationStrategy.Interpreted)]
    public void Hammer_MostlyTheSamePage_LeavesNothingForTheNextStore(CompilationStrategy strategy)
    {
        using var engine = new Engine(new EngineOptions
        {
            Compilation = strategy,
            HandsOverAfter = 0,
            Features = WasmFeatures.Threads,
            Memory = new MemoryPoolSettings { MaxMemories = Threads + 1 },
        });
        using var module = Module.Compile(engine, Wat.ToBinary(TextOf('a')));
        var instancePre = new Linker(engine).DefineFunction("host", "write", (Caller caller, int address) => caller.GetMemory("m")!.Slice(address, 3).Fill(0xEE)).InstantiatePre(module);

        // Slots are narrowed to the page that everybody writes to; now and then somebody writes elsewhere, in one of the ways there are.
        var rounds = new int[Threads];
        Hammer.Run(Threads, TimeSpan.FromSeconds(1), (thread, random) =>
        {
            using var store = new Store(engine);
            var instance = instancePre.Instantiate(store);
            CheckFresh(instance, (byte)'a');
            instance.GetFunction("store")!.Call(DataAt + random.Next(100));
            if (rounds[thread]++ % 128 == 127)
            {
                Call(instance, s_writers[random.Next(s_writers.Length)], random.Next(2 * 65_536 - 256));
            }
        }, atLeast: 2 * Threads);

        if (engine.UsesGuardPages && rounds.Sum() > 2_000)
        {
            Assert.NotEqual(0, engine.Memories.GetStatistics().ResetsUnasked);
        }
    }

    private static void Write(Instance instance, Random random)
    {
        var memory = instance.GetMemory("m")!;
        var kind = random.Next(4);

        // Where the host alone wrote, what is restored is what it was given.
        if (kind != 0)
        {
            for (var i = random.Next(3); i > 0; i--)
            {
                if (random.Next(4) == 0)
                {
                    memory.Grow(1);
                }

                var at = random.Next((int)memory.Length - 20_000);
                memory.Slice(at, random.Next(1, random.Next(2) == 0 ? 10 : 20_000)).Fill(0xDD);
            }
        }

        if (kind > 1)
        {
            for (var i = random.Next(4); i >= 0; i--)
            {
                Call(instance, s_writers[random.Next(s_writers.Length)], random.Next(2 * 65_536 - 256));
            }
        }
    }

    private static void Call(Instance instance, string writer, int address)
    {
        try
        {
            instance.GetFunction(writer)!.Call(address);
            Assert.NotEqual("trap", writer);
        }
        catch (TrapException trap) when (trap.Code == TrapCode.OutOfBoundsMemoryAccess && writer is "trap")
        {
            // It wrote before that.
        }
    }

    // Read in a way that counts as nobody's write.
    private static void CheckFresh(Instance instance, byte letter)
    {
        var memory = instance.GetMemory("m")!;
        Assert.Equal(2 * 65_536, memory.Length);
        var bytes = memory.Linear.ReadOnlySlice(0, 2 * 65_536);
        Assert.Equal(-1, bytes[..DataAt].IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, bytes.Slice(DataAt, DataBytes).IndexOfAnyExcept(letter));
        Assert.Equal(-1, bytes[(DataAt + DataBytes)..].IndexOfAnyExcept((byte)0));
        Assert.Equal(5, instance.GetGlobal("g")!.Value.I64);
        var table = instance.GetTable("t")!;
        Assert.Equal(4, table.Length);
        Assert.Null(table[1].Reference);
    }

    private static string TextOf(char letter) => $$"""
        (module
          (import "host" "write" (func $host (param i32)))
          (memory (export "m") 2 6)
          (data (i32.const {{DataAt}}) "{{new string(letter, DataBytes)}}")
          (data $passive "{{new string('x', 200)}}")
          (global $g (export "g") (mut i64) (i64.const 5))
          (table $t (export "t") 4 100 funcref)
          (elem declare func $store)
          (func $store (export "store") (param i32) (i32.store (local.get 0) (i32.const 0x7F)) (i64.store offset=9 (local.get 0) (i64.extend_i32_u (local.get 0))) (i32.store8 offset=20 (local.get 0) (local.get 0)))
          (func (export "constant") (param i32) (i64.store (local.get 0) (i64.const -1)) (i32.store16 offset=77 (local.get 0) (i32.const 0x1234)) (f64.store offset=90 (local.get 0) (f64.const 2.5)))
          (func (export "loop") (param i32) (local $end i32)
            (local.set $end (i32.add (local.get 0) (i32.const 200)))
            (loop $l (i32.store8 (local.get 0) (i32.const 1)) (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 3))) (local.get $end)))))
          (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 9) (i32.const 255)))
          (func (export "copy") (param i32) (memory.copy (local.get 0) (i32.const {{DataAt}}) (i32.const 256)))
          (func (export "init") (param i32) (memory.init $passive (local.get 0) (i32.const 0) (i32.const 200)))
          (func (export "grow") (param i32) (drop (memory.grow (i32.const 1)))
            (i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 3)) (call $store (local.get 0)))
          (func (export "atomic") (param i32) (drop (i32.atomic.rmw.add (i32.and (local.get 0) (i32.const -8)) (i32.const 7))))
          (func (export "vector") (param i32) (v128.store (local.get 0) (v128.const i64x2 -1 -1)))
          (func (export "lane") (param i32) (v128.store8_lane 3 (local.get 0) (v128.const i64x2 -1 -1)) (v128.store64_lane offset=30 1 (local.get 0) (v128.const i64x2 -1 -1)))
          (func (export "host") (param i32) (call $host (local.get 0)))
          (func (export "global") (param i32) (global.set $g (i64.extend_i32_u (local.get 0))))
          (func (export "table") (param i32) (drop (table.grow $t (ref.func $store) (i32.const 3))) (table.set $t (i32.const 1) (ref.func $store)))
          (func (export "trap") (param i32) (call $store (local.get 0)) (drop (i32.load (i32.const -1))))
          (func (export "wide") (param i32) (i64.store32 (local.get 0) (i64.const -1)) (f32.store offset=5000 (i32.shr_u (local.get 0) (i32.const 1)) (f32.const 1.5))))
        """;
}
