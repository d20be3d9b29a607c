using System.Runtime;
using HostService.Runtime.Interpretation;
using HostService.Runtime.Tests.Execution;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Tiering;

/// <summary>After a rehearsal, the code of what ran can be made at once and is what instances call.</summary>
public sealed class PrepareProfiledTests
{
    private const int Leaves = 12;

    private static readonly byte[] s_binary = Wat.ToBinary($"""
        (module
          (func (export "top") (param i32) (result i32) (call $middle (local.get 0)))                                                       ;; 0
          (func $middle (param i32) (result i32) (i32.const 0) {string.Concat(Enumerable.Range(0, Leaves).Select(n => $"(i32.add (call $leaf{n} (i32.const {n})))"))} (i32.add (local.get 0))
            (if (result i32) (i32.eqz (local.get 0)) (then (call $rare)) (else (i32.const 0))) i32.add)                                     ;; 1
          (func $rare (result i32) (i32.const 1000))                                                                                        ;; 2
          {string.Concat(Enumerable.Range(0, Leaves).Select(n => $"(func $leaf{n} (param i32) (result i32) (i32.mul (local.get 0) (i32.const {n})))"))})
        """);

    [Fact]
    public void Functions_ThatRanInterpreted_AreCompiledTogetherAndCalled()
    {
        using var engine = Hold(out var held);
        using var module = Module.Compile(engine, s_binary);
        Assert.Equal(Sum + 5, Call(module, 5));
        Assert.All(Modes(module), mode => Assert.NotEqual(FunctionMode.Compiled, mode));

        module.PrepareProfiled();

        var modes = Modes(module);
        Assert.Equal(FunctionMode.Untranslated, modes[2]);
        modes.RemoveAt(2);
        Assert.All(modes, mode => Assert.Equal(FunctionMode.Compiled, mode));

        // All that is left for the caller's thread is the way into compiled code of this signature.
        var before = JitInfo.GetCompiledMethodCount(currentThread: true);
        Assert.Equal(Sum + 7, Call(module, 7));
        Assert.InRange(JitInfo.GetCompiledMethodCount(currentThread: true) - before, 0, Leaves / 2);

        // What did not run is compiled when it is called.
        Assert.Equal(Sum + 1_000, Call(module, 0));
        Assert.Equal(Leaves + 3, module.ProfiledFunctionCount);
        held.Release();
    }

    [Fact]
    public void Instance_ThatWasThereBefore_CallsTheCompiledCodeToo()
    {
        using var engine = Hold(out var held);
        using var module = Module.Compile(engine, s_binary);
        using var store = new Store(engine);
        var top = new Linker(engine).Instantiate(store, module).GetFunction("top")!;
        Assert.Equal(Sum + 5, top.Call(5)[0].I32);

        module.PrepareProfiled();
        module.PrepareProfiled();

        Assert.Equal(Sum + 6, top.Call(6)[0].I32);
        held.Release();
    }

    [Fact]
    public void Cancelled_HandsNothingOver()
    {
        using var engine = Hold(out var held);
        using var module = Module.Compile(engine, s_binary);
        Call(module, 5);

        Assert.Throws<OperationCanceledException>(() => module.PrepareProfiled(new CancellationToken(canceled: true)));

        Assert.All(Modes(module), mode => Assert.NotEqual(FunctionMode.Compiled, mode));
        Assert.Equal(Sum + 5, Call(module, 5));
        held.Release();
    }

    [Theory]
    [InlineData(CompilationStrategy.Tiered)]
    [InlineData(CompilationStrategy.Optimized)]
    [InlineData(CompilationStrategy.Baseline)]
    public async Task WhereNothingIsToDo_ItDoesNothing(CompilationStrategy strategy)
    {
        using var engine = new Engine(new EngineOptions { Compilation = strategy });
        using var module = Module.Compile(engine, s_binary);
        module.PrepareProfiled();
        await (module.Optimization?.Completion ?? Task.CompletedTask).WaitAsync(TimeSpan.FromMinutes(2));

        module.PrepareProfiled();

        Assert.Equal(Sum + 5, Call(module, 5));
    }

    [Fact]
    public async Task WhileTheOptimisedCodeTakesOver_CallsGoOn()
    {
        using var engine = Hold(out var held);
        using var module = Module.Compile(engine, s_binary);
        Call(module, 5);
        held.Release();

        while (!module.Optimization!.Completion.IsCompleted)
        {
            module.PrepareProfiled();
            Assert.Equal(Sum + 5, Call(module, 5));
        }

        await module.Optimization.Completion;
        Assert.Equal(Sum + 5, Call(module, 5));
    }

    private static int Sum => Enumerable.Range(0, Leaves).Sum(n => n * n);

    private static Engine Hold(out HeldBackground held)
    {
        var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Tiered, MaxOptimizationThreads = 1, InterpretsFirstFromBytes = 0 });
        engine.BackgroundThreads.Add(held = new HeldBackground());
        return engine;
    }

    private static int Call(Module module, int argument)
    {
        using var store = new Store(module.Engine);
        return new Linker(module.Engine).Instantiate(store, module).GetFunction("top")!.Call(argument)[0].I32;
    }

    private static unsafe List<FunctionMode> Modes(Module module)
    {
        var modes = new List<FunctionMode>();
        for (var function = 0; function < module.FunctionCount; function++)
        {
            modes.Add(module.Interpreter!.Functions[function].Mode);
        }

        return modes;
    }
}
