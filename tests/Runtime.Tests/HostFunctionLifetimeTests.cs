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
}
