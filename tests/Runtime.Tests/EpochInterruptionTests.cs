using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>An epoch that reaches a Store's deadline is never overlooked, wherever the guest is at that moment, and interrupts no other Store. See docs/adr/0088.</summary>
public sealed class EpochInterruptionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private const string Endless = """
        (module
          (import "host" "back" (func $back))
          (func (export "loop") (loop (br 0)))
          (func $calls (export "calls") (call $leaf) (return_call $calls)) (func $leaf)
          (func (export "back_and_loop") (call $back) (loop (br 0)))
          (func (export "count") (param i32) (result i32) (local i32)
            (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 1) (local.get 0))))
            (local.get 1)))
        """;

    [Theory]
    [InlineData("loop", CompilationStrategy.Optimized)]
    [InlineData("calls", CompilationStrategy.Optimized)]
    [InlineData("loop", CompilationStrategy.Interpreted)]
    public async Task OneTick_WhileTheGuestIsEntered_Interrupts(string export, CompilationStrategy compilation)
    {
        using var engine = new Engine(new EngineOptions { Compilation = compilation });
        using var module = Module.Compile(engine, Wat.ToBinary(Endless));
        var pre = LinkerWith(engine, static () => { }).InstantiatePre(module);
        using var ready = new Barrier(2);
        var rounds = 300;
        var guest = Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    using var store = new Store(engine);
                    store.SetEpochDeadline(1);
                    var run = pre.Instantiate(store).GetAction(export);
                    ready.SignalAndWait();
                    Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(run).Code);
                    ready.SignalAndWait();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        for (var round = 0; round < rounds; round++)
        {
            Assert.True(ready.SignalAndWait(s_patience) || guest.IsFaulted);
            Thread.SpinWait(round % 50);

            // Once in each round: were it overlooked, nothing else would end the guest.
            engine.IncrementEpoch();
            Assert.True(ready.SignalAndWait(s_patience), $"round {round}: the guest was not interrupted");
        }

        await guest.WaitAsync(s_patience);
    }

    [Fact]
    public void DeadlineSetByAHostFunction_Holds()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(Endless));
        using var store = new Store(engine);
        var instance = LinkerWith(engine, () => store.SetEpochDeadline(0)).Instantiate(store, module);

        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(instance.GetAction("back_and_loop")).Code);
    }

    [Fact]
    public void DeadlineExtendedByAHostFunction_LetsTheGuestGoOn()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("""
            (module (import "host" "back" (func $back))
              (func (export "run") (result i32) (local i32) (call $back)
                (loop (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 0) (i32.const 1000)))) (local.get 0)))
            """));
        using var store = new Store(engine);
        store.SetEpochDeadline(1);
        var instance = LinkerWith(engine, () =>
        {
            engine.IncrementEpoch();
            store.SetEpochDeadline(1);
        }).Instantiate(store, module);

        Assert.Equal(1000, instance.GetFunction<int>("run")());
    }

    [Fact]
    public void TrapSwallowedByAHostFunction_InterruptsTheCallerToo()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(Endless));
        using var store = new Store(engine);
        Instance? instance = null;
        var swallowed = 0;
        var linker = LinkerWith(engine, () =>
        {
            engine.IncrementEpoch();
            Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(instance!.GetAction("loop")).Code);
            swallowed++;
        });
        instance = linker.Instantiate(store, module);
        store.SetEpochDeadline(1);

        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(instance.GetAction("back_and_loop")).Code);
        Assert.Equal(1, swallowed);
    }

    [Fact]
    public async Task Callback_IsAskedOnlyWhenTheDeadlineIsReached()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(Endless));
        using var store = new Store(engine);
        var count = LinkerWith(engine, static () => { }).Instantiate(store, module).GetFunction<int, int>("count");
        var early = 0;
        var deadline = engine.CurrentEpoch + 2;
        store.OnEpochDeadline(_ =>
        {
            early += engine.CurrentEpoch < deadline ? 1 : 0;
            deadline = engine.CurrentEpoch + 2;
            return 2;
        });
        store.SetEpochDeadline(2);
        using var stop = new ManualResetEventSlim();
        var ticker = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsSet)
                {
                    engine.IncrementEpoch();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(2_000, count(2_000));
        }

        stop.Set();
        await ticker.WaitAsync(s_patience);
        Assert.Equal(0, early);
    }

    [Fact]
    public void DeadlineOfADisposedStore_IsNoOtherStores()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(Endless));
        var linker = LinkerWith(engine, static () => { });
        var before = new Store(engine);
        before.SetEpochDeadline(1);
        before.Dispose();
        using var store = new Store(engine); // borrows what the other one gave back
        var count = linker.Instantiate(store, module).GetFunction<int, int>("count");

        before.SetEpochDeadline(0);
        engine.IncrementEpoch();

        Assert.Equal(1_000, count(1_000));
    }

    [Fact]
    public void OneTick_OfTwoStores_InterruptsTheOneWhoseDeadlineItReaches()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(Endless));
        var linker = LinkerWith(engine, static () => { });
        using var due = new Store(engine);
        using var other = new Store(engine);
        due.SetEpochDeadline(1);
        other.SetEpochDeadline(2);
        var (endless, count) = (linker.Instantiate(due, module).GetAction("loop"), linker.Instantiate(other, module).GetFunction<int, int>("count"));

        engine.IncrementEpoch();

        Assert.Equal(1_000, count(1_000));
        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(endless).Code);
    }

    private static Linker LinkerWith(Engine engine, Action back)
    {
        var linker = new Linker(engine);
        linker.Define("host", "back", HostFunction.Create(back));
        return linker;
    }
}
