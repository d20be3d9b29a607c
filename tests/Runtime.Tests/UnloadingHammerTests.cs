using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Tests.Trials;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>Modules with two codes, compiled or loaded from their stored form, used, trapped in and disposed by many threads at any moment of their optimisation; and all of their code goes.</summary>
public sealed class UnloadingHammerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(CompilationStrategy.Tiered)]
    [InlineData(CompilationStrategy.Optimized)]
    public void Hammer_CreateUseDisposeAtAnyMoment_UnloadsAllCode(CompilationStrategy strategy)
    {
        using var engine = new Engine(new EngineOptions { Compilation = strategy, Memory = new MemoryPoolSettings { MaxMemories = 6 } });
        var codes = new ConcurrentBag<WeakReference>();
        var artifacts = Enumerable.Range(0, 5).Select(number => Stored(engine, number)).ToArray();
        using var clock = new Timer(_ => engine.IncrementEpoch(), null, 5, 5);

        Hammer.Run(6, TimeSpan.FromSeconds(4), (_, random) => Blow(engine, artifacts, codes, random), atLeast: 20);

        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return codes.All(code => !code.IsAlive) && engine.GetStatistics() is { Modules: 0, Signatures: 0, MemoriesInUse: 0 };
            },
            s_patience), $"{codes.Count(code => code.IsAlive)} of {codes.Count} codes are left; {engine.GetStatistics()}");
    }

    [Fact]
    public void Hammer_ModulesDisposedDuringTheirTrial_LeaveNothing()
    {
        using var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Tiered, Trial = new() { MaxProcessorTime = TimeSpan.FromMilliseconds(10), MaxConcurrent = 2 } });
        var ended = new ConcurrentBag<Task>();

        Hammer.Run(4, TimeSpan.FromSeconds(3), (_, random) =>
        {
            using var module = Module.Compile(engine, Suspicious.ToOptimize);
            ended.Add(module.Optimization!.Completion);
            using var store = new Store(engine);
            Assert.Equal(Suspicious.Result, new Linker(engine).Instantiate(store, module).GetFunction("run")!.Call()[0].I32);
            ended.Last().ContinueWith(_ => { }, TaskScheduler.Default).Wait(random.Next(400));
        });

        // Each one either was judged, and broke the limit, or went before.
        Assert.All(ended, task => Assert.True(SpinWait.SpinUntil(() => task.IsCompleted, s_patience)));
        Assert.All(ended, task => Assert.True(task.IsCanceled || task.Exception!.InnerException is ModuleLimitException, $"{task.Status} {task.Exception}"));
        Assert.Equal((0, 0), (engine.GetStatistics().Modules, engine.GetStatistics().Signatures));
    }

    // Not inlined, so that no frame of the thread keeps a module alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Blow(Engine engine, byte[][] artifacts, ConcurrentBag<WeakReference> codes, Random random)
    {
        var number = random.Next(artifacts.Length);
        using var module = random.Next(2) == 0 ? Module.Compile(engine, Binary(number)) : Module.Deserialize(engine, artifacts[number]);
        var pre = new Linker(engine).InstantiatePre(module);
        for (var round = random.Next(4); round >= 0; round--)
        {
            codes.Add(new WeakReference(module.Code));
            using var store = new Store(engine);
            var instance = pre.Instantiate(store);
            Assert.Equal(number, instance.GetFunction<int>("f")());
            Assert.Equal("trap", Assert.Throws<TrapException>(() => instance.GetFunction("trap")!.Call()).Frames[0].Function);
            Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => instance.GetFunction("beyond")!.Call()).Code);
            Assert.Throws<GuestException>(() => instance.GetFunction("throw")!.Call());
            store.SetEpochDeadline(1);
            Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(() => instance.GetFunction("spin")!.Call()).Code);
        }
    }

    private static byte[] Stored(Engine engine, int number)
    {
        using var module = Module.Compile(engine, Binary(number));
        return module.Serialize();
    }

    private static byte[] Binary(int number) => Wat.ToBinary($$"""
        (module (memory 1) (tag $t (param i32)) (type $s (struct (field i32)))
          (type (func (param {{string.Concat(Enumerable.Repeat("f32 ", number))}})))
          (func (export "f") (result i32) (struct.get $s 0 (struct.new $s (i32.const {{number}}))))
          (func (export "trap") unreachable)
          (func (export "beyond") (drop (i32.load (i32.const 65536))))
          (func (export "throw") (throw $t (i32.const 1)))
          (func (export "spin") (loop (br 0))))
        """);
}
