using System.Runtime.CompilerServices;
using HostService.Runtime.Execution.Calls;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>A function of the host that nobody but a running guest has: it must live until the guest's call of it is over, whatever the collector does meanwhile.</summary>
public sealed class HostFunctionLifetimeTests
{
    [Theory]
    [InlineData(CompilationStrategy.Optimized)]
    [InlineData(CompilationStrategy.Baseline)]
    [InlineData(CompilationStrategy.Interpreted)]
    public void Hammer_FunctionMadeForOneCall_IsWhatIsCalled(CompilationStrategy strategy)
    {
        using var engine = new Engine(new EngineOptions { Compilation = strategy });
        using var module = Module.Compile(engine, Wat.ToBinary("""
            (module (type $t (func (param i64) (result i64))) (import "h" "make" (func $make (param i64) (result (ref $t))))
              (func $once (param i64) (result i64) (call_ref $t (i64.const 1) (call $make (local.get 0))))
              (func $tail (param i64) (result i64) (return_call_ref $t (i64.const 1) (call $make (local.get 0))))
              (func (export "run") (param i64) (result i64) (i64.add (call $once (local.get 0)) (call $tail (local.get 0)))))
            """));
        var made = new HostCallback((caller, arguments, results) =>
        {
            var more = arguments[0].I64;
            results[0] = Value.FromRef(Func.FromHost(caller.Store, HostFunction.Create((long x) => x + more)));
        });
        using var ended = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!ended.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            Hammer.Run(2, TimeSpan.FromSeconds(0.5), (_, random) =>
            {
                using var store = new Store(engine);
                var linker = new Linker(engine).Define("h", "make", HostFunction.Create(module.Imports[0].Type.Func!, made));
                long number = random.Next();
                Assert.Equal((2 * number) + 2, linker.Instantiate(store, module).GetFunction<long, long>("run")(number));
            });
        }
        finally
        {
            ended.Cancel();
            collector.Join();
        }
    }

    [Fact]
    public void Functions_OfALinkerThatIsGone_AreGivenBack()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("""(module (import "h" "f" (func (param f32 f64 f32))) (func (export "run") (call 0 (f32.const 0) (f64.const 0) (f32.const 0))))"""));
        var types = engine.GetStatistics().Signatures;
        Use();

        Assert.True(Collects(() => engine.GetStatistics().Signatures == types && engine.HostTargets.Count == 0), $"{engine.GetStatistics()}, {engine.HostTargets.Count} targets");

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Use()
        {
            using var store = new Store(engine);
            new Linker(engine).DefineFunction("h", "f", (float x, double y, float z) => { }).Define("h", "g", Func.FromHost(store, HostFunction.Create((double x) => x)))
                .Instantiate(store, module).GetFunction("run")!.Call();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Store_ThatItsOwnHostFunctionsCapture_IsCollected(bool isDisposed)
    {
        // What a host function captures is often its Store, or a request that has it: nothing that lives longer may keep the function.
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("""(module (import "h" "f" (func (result i32))) (table (export "t") 1 funcref) (memory 1) (func (export "run") (result i32) (call 0)))"""));
        var used = Use();

        Assert.True(Collects(() => !used.IsAlive && engine.GetStatistics().MemoriesInUse == 0 && engine.HostTargets.Count == 0), $"{used.IsAlive}, {engine.GetStatistics()}");

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference Use()
        {
            var store = new Store(engine);
            var instance = new Linker(engine).DefineFunction("h", "f", () => store.Limits.MaxInstances).Instantiate(store, module);
            instance.GetTable("t")![0] = Value.FromRef(Func.FromHost(store, HostFunction.Create(() => store.Limits.MaxInstances)));
            Assert.Equal(10_000, instance.GetFunction("run")!.Call()[0].I32);
            if (isDisposed)
            {
                store.Dispose();
            }

            return new WeakReference(store);
        }
    }

    [Fact]
    public void Target_CollectedBeforeAViewWasOpened_IsRemovedAllTheSame()
    {
        // By a finalizer, where an exception ends the process.
        var table = new HostTargetTable();
        object[] kept = [.. Enumerable.Range(0, 16).Select(_ => new object())];
        Assert.All(kept, target => table.Add(target, isKept: false));
        var gone = Add();
        Assert.True(Collects(() => table[gone] is null));
        var view = table.OpenView(target => target);

        table.Remove(gone);

        Assert.Same(kept[15], view[15]);
        Assert.Equal(16, table.Count);
        GC.KeepAlive(kept);

        [MethodImpl(MethodImplOptions.NoInlining)]
        int Add() => table.Add(new object(), isKept: false);
    }

    private static bool Collects(Func<bool> isGone) => SpinWait.SpinUntil(
        () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return isGone();
        },
        TimeSpan.FromSeconds(5));
}
