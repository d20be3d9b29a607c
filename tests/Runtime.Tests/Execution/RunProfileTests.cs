using HostService.Runtime.Compilation.Background;
using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

/// <summary>Baseline code notes which functions ran, and a stored module remembers it.</summary>
public sealed class RunProfileTests
{
    // The last function has a frame so large that it is two methods.
    private static readonly string s_text =
        $"""
        (module
          (import "m" "f" (func $imported))
          (func $inner (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
          (func $unused (export "unused"))
          (func (export "call") (param i32) (result i32) (call $inner (local.get 0)))
          (func (export "trap") (unreachable))
          (func $large (export "large") (result i64) (local {string.Concat(Enumerable.Repeat("i64 ", 3000))}) (call $imported) (local.get 2999)))
        """;

    private static readonly EngineOptions s_tiered = new() { Compilation = CompilationStrategy.Tiered, MaxOptimizationThreads = 1 };

    [Fact]
    public void FunctionsRun_OnBaselineCode_AreThoseThatWereCalledHoweverTheyEnded()
    {
        using var engine = new Engine(s_tiered);
        using var busy = new BusyThread(engine);
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(s_text));
        using var store = new Store(engine);
        var instance = Instantiate(store, module);
        Assert.Empty(module.FunctionsRun);

        Assert.Equal(6, instance.GetFunction("call")!.Call(5)[0].I32);
        Assert.Equal(6, instance.GetFunction("call")!.Call(5)[0].I32);
        Assert.Throws<TrapException>(() => instance.GetFunction("trap")!.Call());
        Assert.Equal(0, instance.GetFunction("large")!.Call()[0].I64);

        Assert.Equal([0, 2, 3, 4], module.FunctionsRun);
    }

    [Theory]
    [InlineData(CompilationStrategy.Optimized)]
    [InlineData(CompilationStrategy.Baseline)]
    public void FunctionsRun_OfAModuleThatIsNotOptimisedLater_AreNotNoted(CompilationStrategy strategy)
    {
        using var engine = new Engine(new EngineOptions { Compilation = strategy });
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(s_text));
        using var store = new Store(engine);

        Assert.Equal(6, Instantiate(store, module).GetFunction("call")!.Call(5)[0].I32);

        Assert.Empty(module.FunctionsRun);
    }

    [Fact]
    public async Task Deserialize_AfterARun_RemembersItAndOptimisesAllTheSame()
    {
        byte[] artifact;
        using (var engine = new Engine(s_tiered))
        {
            using var busy = new BusyThread(engine);
            using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(s_text));
            using var store = new Store(engine);
            Instantiate(store, module).GetFunction("call")!.Call(5);
            artifact = module.Serialize();
        }

        using var another = new Engine(s_tiered);
        using var loaded = Module.Deserialize(another, artifact);
        Assert.Equal([0, 2], loaded.FunctionsRun);

        await loaded.Optimization!.Completion.WaitAsync(TimeSpan.FromMinutes(2));

        using var laterStore = new Store(another);
        Assert.True(loaded.GetStatistics().MachineCodeIsOptimized);
        Assert.Equal(6, Instantiate(laterStore, loaded).GetFunction("call")!.Call(5)[0].I32);
        Assert.Equal([0, 2], loaded.FunctionsRun);
        Assert.Equal(artifact.Length, loaded.Serialize().Length);
    }

    private static Instance Instantiate(Store store, Module module) =>
        new Linker(store.Engine).DefineFunction("m", "f", () => { }).Instantiate(store, module);

    /// <summary>Keeps the Engine's only background thread away from modules, so that they stay on baseline code.</summary>
    private sealed class BusyThread : IBackgroundWork, IDisposable
    {
        private readonly ManualResetEventSlim _release = new();
        private readonly ManualResetEventSlim _begun = new();

        public BusyThread(Engine engine)
        {
            engine.BackgroundThreads.Add(this);
            _begun.Wait();
        }

        public bool Step()
        {
            _begun.Set();
            _release.Wait();
            return false;
        }

        public void Cancel() => _release.Set();

        public void Dispose() => _release.Set();
    }
}
