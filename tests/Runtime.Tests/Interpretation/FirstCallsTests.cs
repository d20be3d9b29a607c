using HostService.Runtime.Interpretation;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Interpretation;

/// <summary>The background leaves a module's first calls alone, and never for long.</summary>
public class FirstCallsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    private readonly Clock _clock = new();

    [Fact]
    public void AreGoingOn_BeforeAnyCall_ForTheGraceOnly()
    {
        var calls = new FirstCalls(_clock);

        Assert.True(calls.AreGoingOn);
        _clock.Advance(FirstCalls.Grace);
        Assert.False(calls.AreGoingOn);
    }

    [Fact]
    public void AreGoingOn_WhileACallComesUponWhatIsNew_AgainAndAgain()
    {
        var calls = new FirstCalls(_clock);
        _clock.Advance(FirstCalls.Grace);
        Assert.True(calls.Begin());

        Assert.True(calls.AreGoingOn);
        _clock.Advance(FirstCalls.Fresh);
        Assert.False(calls.AreGoingOn);
        calls.RunsAnother();
        Assert.True(calls.AreGoingOn);

        calls.End();
        Assert.False(calls.AreGoingOn);
    }

    [Fact]
    public void AreGoingOn_OfACallThatKeepsComingUponWhatIsNew_EndsAndLaterCallsCostNothing()
    {
        var calls = new FirstCalls(_clock);
        Assert.True(calls.Begin());
        for (var passed = s_tick; passed < FirstCalls.Most; passed += s_tick)
        {
            _clock.Advance(s_tick);
            calls.RunsAnother();
            Assert.True(calls.AreGoingOn);
        }

        _clock.Advance(s_tick);
        calls.RunsAnother();

        Assert.False(calls.AreGoingOn);
        Assert.False(calls.Begin());
    }

    [Fact]
    public void AreGoingOn_OfCallsSideBySide_UntilTheLastHasEnded()
    {
        var calls = new FirstCalls(_clock);
        Assert.True(calls.Begin());
        Assert.True(calls.Begin());

        calls.End();
        Assert.True(calls.AreGoingOn);
        calls.End();
        Assert.False(calls.AreGoingOn);
    }

    [Fact]
    public async Task Optimization_WaitsForTheFirstCallAndNotForOneThatDoesNotEnd()
    {
        using var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Tiered, InterpretsFirstFromBytes = 0, MaxOptimizationThreads = 1, Clock = _clock });
        using var module = Compile(engine, """(module (import "m" "f" (func $f)) (func (export "run") (call $f)))""");
        var other = await OptimizedAfterAsync(engine);
        using var store = new Store(engine);
        var done = (Before: -1, After: -1);
        var instance = new Linker(engine).DefineFunction("m", "f", () =>
        {
            // In the grace before, and since this call began, no time has passed.
            done.Before = module.Optimization!.OptimizedFunctions;
            _clock.Advance(FirstCalls.Most);
            module.Optimization.Completion.Wait(s_patience);
            done.After = module.Optimization.OptimizedFunctions;
        }).Instantiate(store, module);

        instance.GetFunction("run")!.Call();

        Assert.Equal((0, 1), done);
        Assert.Equal(TaskStatus.RanToCompletion, other.Completion.Status);
    }

    [Fact]
    public async Task Optimization_OfAModuleThatIsDisposedWhileItWaits_IsCancelled()
    {
        using var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Tiered, InterpretsFirstFromBytes = 0, Clock = _clock });
        var module = Compile(engine, """(module (func (export "run")))""");

        module.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => module.Optimization!.Completion.WaitAsync(s_patience));
    }

    // Another module, which nobody's first call concerns: it is too small to be interpreted, or its call is long over.
    private async Task<ModuleOptimization> OptimizedAfterAsync(Engine engine)
    {
        using var module = Compile(engine, """(module (func (export "run")))""");
        using var store = new Store(engine);
        new Linker(engine).Instantiate(store, module).GetFunction("run")!.Call();
        await module.Optimization!.Completion.WaitAsync(s_patience);
        return module.Optimization;
    }

    private static Module Compile(Engine engine, string text) => Module.Compile(engine, Wasmtime.Module.ConvertText(text));

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

        public override long GetTimestamp() => Interlocked.Read(ref _now);
    }
}
