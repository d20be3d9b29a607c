using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>Everything at once, from many threads: compile, instantiate, call, trap, be interrupted, dispose, unload.</summary>
public sealed class EngineHammerTests
{
    [Fact]
    public void Hammer_CreateInstantiateTrapDisposeUnload_LeavesNothing()
    {
        using var engine = new Engine(new EngineOptions { HostFunctions = [new("h", "twice", HostFunction.Create((int x) => 2 * x))] });
        using var shared = Module.Compile(engine, Binary(1_000), "shared");
        var pre = new Linker(engine).InstantiatePre(shared);
        using var clock = new Timer(_ => engine.IncrementEpoch(), null, 5, 5);

        Hammer.Run(6, TimeSpan.FromSeconds(4), (_, random) =>
        {
            if (random.Next(4) > 0)
            {
                Use(engine, pre, 1_000, random);
                return;
            }

            // A module of its own is unloaded while others are being made.
            var number = random.Next(50);
            using var module = Module.Compile(engine, Binary(number), $"number {number}");
            Use(engine, new Linker(engine).InstantiatePre(module), number, random);
        }, atLeast: 20);

        shared.Dispose();
        var left = engine.GetStatistics();
        Assert.Equal((0, 1, 0), (left.Modules, left.Signatures, left.MemoriesInUse));
    }

    [Fact]
    public void Hammer_DisposeOfAModuleThatOthersInstantiate_EitherWorksOrIsRefused()
    {
        using var engine = new Engine();
        var binary = Wat.ToBinary("(module (memory 1) (func (export \"f\") (result i32) i32.const 5))");
        Hammer.Run(2, TimeSpan.FromSeconds(2), (_, random) =>
        {
            var module = Module.Compile(engine, binary);
            var pre = new Linker(engine).InstantiatePre(module);
            var user = Task.Run(() =>
            {
                for (var i = 0; i < 20; i++)
                {
                    using var store = new Store(engine);
                    try
                    {
                        Assert.Equal(5, pre.Instantiate(store).GetFunction("f")!.Call()[0].I32);
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            });
            Thread.SpinWait(random.Next(20_000));
            module.Dispose();
            user.GetAwaiter().GetResult();
        });

        Assert.Equal((0, 0, 0), (engine.GetStatistics().Modules, engine.GetStatistics().Signatures, engine.GetStatistics().MemoriesInUse));
    }

    private static void Use(Engine engine, InstancePre pre, int number, Random random)
    {
        using var store = new Store(engine);
        var instance = pre.Instantiate(store);
        Assert.Equal(-1, instance.GetMemory("m")!.Span.IndexOfAnyExcept((byte)0));
        instance.GetMemory("m")!.Span[random.Next(65_536)] = 1;
        Assert.Equal(2 * number, instance.GetFunction<int>("f")());
        switch (random.Next(3))
        {
            case 0:
                Assert.Equal("trap", Assert.Throws<TrapException>(() => instance.GetFunction("trap")!.Call()).Frames[0].Function);
                break;
            case 1:
                store.SetEpochDeadline(1);
                Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(() => instance.GetFunction("spin")!.Call()).Code);
                break;
            default:
                Assert.Equal(TrapCode.CallStackExhausted, Assert.Throws<TrapException>(() => instance.GetFunction("deep")!.Call()).Code);
                break;
        }
    }

    private static string TextOf(int number) => $$"""
        (module (import "h" "twice" (func $twice (param i32) (result i32))) (memory (export "m") 1)
          (type (func (param {{string.Concat(Enumerable.Repeat("f64 ", number % 5))}})))
          (func (export "f") (result i32) i32.const {{number}} call $twice)
          (func (export "trap") unreachable)
          (func (export "spin") (loop (br 0)))
          (func $deep (export "deep") call $deep))
        """;

    private static byte[] Binary(int number) => Wat.ToBinary(TextOf(number));
}
