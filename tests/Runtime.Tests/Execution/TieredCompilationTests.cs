using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

/// <summary>A module is ready on baseline code, and new instances get optimised code once it is there.</summary>
public sealed class TieredCompilationTests
{
    private const string Text =
        """
        (module $numbers
          (table funcref (elem $twice $never))
          (func $inner (param i32) (result i32) (i32.div_u (i32.const 100) (local.get 0)))
          (func $never (param i32) (result i32) (i32.add (local.get 0) (i32.const 3)))
          (func $twice (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
          (func (export "divide") (param i32) (result i32) (i32.add (call $inner (local.get 0)) (i32.const 0)))
          (func (export "indirect") (param i32 i32) (result i32) (call_indirect (param i32) (result i32) (local.get 1) (local.get 0))))
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(CompilationStrategy.Optimized, true)]
    [InlineData(CompilationStrategy.Baseline, false)]
    public void Compile_OneCode_IsTheOneAskedFor(CompilationStrategy strategy, bool optimized)
    {
        using var engine = new Engine(new EngineOptions { Compilation = strategy });
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(Text));
        using var store = new Store(engine);

        Assert.Null(module.Optimization);
        Assert.Equal(optimized, module.GetStatistics().MachineCodeIsOptimized);
        Assert.Equal(14, Call(new Linker(engine).Instantiate(store, module), "twice", 7));
    }

    [Fact]
    public async Task Tiered_InstancesKeepTheirCode_AndNewOnesGetTheOptimised()
    {
        using var engine = HeldBackground.Hold(out var background);
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(Text));
        using var store = new Store(engine);
        var linker = new Linker(engine);
        var pre = linker.InstantiatePre(module);
        var early = pre.Instantiate(store);
        var earlyCode = early.State.Code!;
        background.Release();
        await module.Optimization!.Completion.WaitAsync(s_patience);

        var late = pre.Instantiate(store);

        Assert.Equal(module.Optimization.TotalFunctions, module.Optimization.OptimizedFunctions);
        Assert.True(module.GetStatistics().MachineCodeIsOptimized);
        Assert.Same(earlyCode, early.State.Code);
        Assert.NotSame(earlyCode, late.State.Code);
        Assert.True(late.State.Code!.IsOptimized);
        foreach (var instance in new[] { early, late })
        {
            Assert.Equal(14, Call(instance, "twice", 7));
            Assert.Equal(8, Call(instance, "indirect", 1, 5));
        }
    }

    [Fact]
    public async Task Tiered_CodeThatWasReplaced_RunsOnAndCompilesFunctionsThatWereNeverCalled()
    {
        using var engine = HeldBackground.Hold(out var background);
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(Text));
        using var store = new Store(engine);
        var early = new Linker(engine).Instantiate(store, module);
        Assert.False(early.State.Code!.IsOptimized);
        background.Release();
        await module.Optimization!.Completion.WaitAsync(s_patience);
        Collect();

        Assert.Equal(14, Call(early, "twice", 7));
        Assert.Equal(8, Call(early, "indirect", 1, 5));
        Assert.Equal(25, Call(early, "divide", 4));
    }

    [Fact]
    public async Task Tiered_CodeThatWasReplaced_GoesWithItsLastInstance()
    {
        using var engine = HeldBackground.Hold(out var background);
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(Text));
        var code = RunOnce(engine, module);
        background.Release();
        await module.Optimization!.Completion.WaitAsync(s_patience);

        for (var i = 0; i < 20 && code.IsAlive; i++)
        {
            Collect();
        }

        Assert.False(code.IsAlive);
    }

    [Theory]
    [InlineData(CompilationStrategy.Baseline)]
    [InlineData(CompilationStrategy.Optimized)]
    public void Trap_OnEitherCode_NamesTheSameFunctions(CompilationStrategy strategy)
    {
        using var engine = new Engine(new EngineOptions { Compilation = strategy });
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText(Text));
        using var store = new Store(engine);
        var instance = new Linker(engine).Instantiate(store, module);

        var trap = Assert.Throws<TrapException>(() => Call(instance, "divide", 0));

        Assert.Equal(TrapCode.IntegerDivideByZero, trap.Code);
        Assert.Equal(["inner", "divide"], trap.Frames.Select(frame => frame.Function));
        Assert.All(trap.Frames, frame => Assert.NotNull(module.FrameAt(module.CodeRange.Start + (ulong)(frame.Offset - module.Syntax.CodeSectionOffset))));
    }

    [Fact]
    public async Task Dispose_BeforeTheEnd_CancelsAndReleases()
    {
        using var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Tiered, MaxOptimizationThreads = 1 });
        var modules = Enumerable.Range(0, 20).Select(_ => Module.Compile(engine, Wasmtime.Module.ConvertText(Text))).ToList();
        modules.ForEach(module => module.Dispose());

        foreach (var module in modules)
        {
            var end = await Task.WhenAny(module.Optimization!.Completion, Task.Delay(s_patience));
            Assert.Same(module.Optimization.Completion, end);
            Assert.False(module.Optimization.Completion.IsFaulted);
        }

        Assert.Equal(0, engine.GetStatistics().Modules);
    }

    [Fact]
    public async Task DisposeOfTheEngine_BeforeTheEnd_EndsTheWorkOfAllModules()
    {
        var engine = HeldBackground.Hold(out _);
        var modules = Enumerable.Range(0, 20).Select(_ => Module.Compile(engine, Wasmtime.Module.ConvertText(Text))).ToList();
        engine.Dispose();

        foreach (var module in modules)
        {
            var end = await Task.WhenAny(module.Optimization!.Completion, Task.Delay(s_patience));
            Assert.Same(module.Optimization.Completion, end);
            Assert.False(module.Optimization.Completion.IsFaulted);
        }

        Assert.Equal(modules.Count, modules.Count(module => module.Optimization!.Completion.IsCanceled));
    }

    [Fact]
    public async Task Tiered_ModuleWithoutFunctions_IsPublishedOnce()
    {
        using var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Tiered, MaxOptimizationThreads = 4 });
        using var module = Module.Compile(engine, Wasmtime.Module.ConvertText("(module (memory 1))"));
        await module.Optimization!.Completion.WaitAsync(s_patience);

        Assert.True(module.GetStatistics().MachineCodeIsOptimized);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunOnce(Engine engine, Module module)
    {
        using var store = new Store(engine);
        var instance = new Linker(engine).Instantiate(store, module);
        Assert.Equal(14, Call(instance, "twice", 7));
        return new WeakReference(instance.State.Code);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static int Call(Instance instance, string function, params int[] arguments) =>
        instance.GetFunction(function)!.Call([.. arguments.Select(argument => (Value)argument)])[0].I32;
}
