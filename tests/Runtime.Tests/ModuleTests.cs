using System.Runtime;
using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>A module is built by one path, shared freely, and gone when its owner and its Stores are.</summary>
[Collection(AloneCollection.Name)]
public sealed class ModuleTests
{
    private const string Text = """
        (module
          (memory (export "m") 1) (data (i32.const 8) "abc")
          (func $divide (export "divide") (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_s)
          (func (export "spin") (loop (br 0))))
        """;

    [Fact]
    public void Module_FromStoredParts_DoesWhatTheCompiledOneDoes()
    {
        var binary = Wat.ToBinary(Text);
        using var first = new Engine();
        using var compiled = Module.Compile(first, binary, "m");

        using var second = new Engine();
        using var stored = Module.Deserialize(second, compiled.Serialize());
        using var store = new Store(second);
        var instance = new Linker(second).Instantiate(store, stored);

        Assert.Equal(21, instance.GetFunction<int, int, int>("divide")(42, 2));
        Assert.Equal("abc"u8, instance.GetMemory("m")!.Slice(8, 3));
        Assert.Equal("divide", Assert.Throws<TrapException>(() => instance.GetFunction("divide")!.Call(1, 0)).Frames[0].Function);

        // The stored code must follow the clock of the Engine that it was loaded into.
        store.SetEpochDeadline(1);
        second.IncrementEpoch();
        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(() => instance.GetFunction("spin")!.Call()).Code);
    }

    [Theory]
    [InlineData("(module)", 0, 0)]
    [InlineData("(module (memory 3) (memory i64 2) (table 5 funcref) (table 7 externref))", 5 * 65_536, 12)]
    [InlineData("""(module (import "e" "m" (memory 9)) (import "e" "t" (table 9 funcref)) (memory 1))""", 65_536, 0)]
    [InlineData("(module (memory i64 0x1000000000000) (memory 1) (table i64 0xffffffffffffffff funcref) (table 2 funcref))", ulong.MaxValue, ulong.MaxValue)]
    public void InitialSizes_AreThoseOfItsOwnMemoriesAndTablesTogether(string text, ulong memoryBytes, ulong tableElements)
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(text));

        Assert.Equal((memoryBytes, tableElements), (module.InitialMemoryBytes, module.InitialTableElements));
    }

    [Fact]
    public void Dispose_TwiceAndWithoutStores_ReleasesOnce()
    {
        using var engine = new Engine();
        var module = Module.Compile(engine, Wat.ToBinary(Text));

        module.Dispose();
        module.Dispose();

        Assert.Equal((0, 0), (engine.GetStatistics().Modules, engine.GetStatistics().Signatures));
        using var store = new Store(engine);
        Assert.Throws<ObjectDisposedException>(() => new Linker(engine).Instantiate(store, module));
    }

    [Fact]
    public void Module_OfAnotherEngine_IsRefused()
    {
        using var engine = new Engine();
        using var other = new Engine();
        using var module = Module.Compile(other, Wat.ToBinary(Text));
        using var store = new Store(engine);

        Assert.Throws<ArgumentException>(() => new Linker(engine).InstantiatePre(module));
        Assert.Throws<ArgumentException>(() => new Linker(other).InstantiatePre(module).Instantiate(store));
    }

    [Fact]
    public void ImportsAndExports_SayWhatTheModuleHas()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("""
            (module (import "a" "f" (func (param i32 f64) (result i64))) (import "a" "g" (global i32))
              (memory (export "m") 1 2) (table (export "t") 3 externref) (global (export "v") (mut f32) (f32.const 0)) (export "again" (func 0)))
            """));

        Assert.Equal(["(func (param i32 f64) (result i64))", "(global i32)"], module.Imports.Select(import => import.Type.ToString()));
        Assert.Equal(["m", "t", "v", "again"], module.Exports.Select(export => export.Name));
        Assert.Equal(
            ["(memory 1 2)", "(table 3 externref)", "(global (mut f32))", "(func (param i32 f64) (result i64))"], module.Exports.Select(export => export.Type.ToString()));
        Assert.Equal(1, module.FunctionCount);
    }

    [Fact]
    public void Prepare_BeforeTheFirstCall_ChangesNothing()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary(Text));
        module.Prepare();
        using var store = new Store(engine);

        Assert.Equal(3, new Linker(engine).Instantiate(store, module).GetFunction<int, int, int>("divide")(9, 3));
        Assert.Throws<OperationCanceledException>(() => module.Prepare(new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Prepare_OnSoManyThreads_CompilesEveryFunction(int threads)
    {
        const int Functions = 300;
        var text = string.Concat(Enumerable.Range(0, Functions).Select(i => $"(func (export \"f{i}\") (param i32) (result i32) (i32.mul (local.get 0) (i32.const {i})))\n"));
        using var engine = new Engine(new EngineOptions { MaxCompilationThreads = threads });
        using var module = Module.Compile(engine, Wat.ToBinary($"(module {text})"));
        var (own, all) = (JitInfo.GetCompiledMethodCount(currentThread: true), JitInfo.GetCompiledMethodCount());

        module.Prepare();

        Assert.True(JitInfo.GetCompiledMethodCount() - all >= Functions);
        if (threads == 1)
        {
            Assert.True(JitInfo.GetCompiledMethodCount(currentThread: true) - own >= Functions);
        }

        using var store = new Store(engine);
        var instance = new Linker(engine).Instantiate(store, module);
        Assert.All(Enumerable.Range(0, Functions), i => Assert.Equal(7 * i, instance.GetFunction<int, int>($"f{i}")(7)));
    }

    [Fact]
    public void Engine_WithoutAThreadToCompileOn_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { MaxCompilationThreads = 0 }));

    [Fact]
    public void Compile_WhatIsNoModule_SaysWhatIsWrong()
    {
        using var engine = new Engine();

        Assert.Throws<MalformedModuleException>(() => Module.Compile(engine, "not wasm"u8.ToArray()));
        Assert.Throws<InvalidModuleException>(() => Module.Compile(engine, Wat.ToBinary("(module (func (result i32)))")));
        Assert.Throws<OperationCanceledException>(() => Module.Compile(engine, Wat.ToBinary(Text), cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal((0, 0), (engine.GetStatistics().Modules, engine.GetStatistics().Signatures));
    }

    [Fact]
    public void Unload_AThousandModules_LeavesMemoryFlatAndNothingRegistered()
    {
        using var engine = new Engine();
        for (var i = 0; i < 50; i++)
        {
            UseAndDispose(engine, i);
        }

        var before = Settle();
        var loaded = LoadedCodes(); // what other tests keep in their fields
        for (var i = 50; i < 1_050; i++)
        {
            UseAndDispose(engine, i);
        }

        var growth = Settle() - before;
        var left = engine.GetStatistics();
        Assert.Equal((0, 0, 0), (left.Modules, left.Signatures, left.MemoriesInUse));

        // A module that stayed would keep some 20 KB each of image and metadata: 20 MB in all.
        Assert.True(growth < 6 << 20, $"{growth} bytes are left of 1,000 modules.");
        Assert.InRange(LoadedCodes(), 0, loaded);
    }

    // Each is a different module with types of its own, is called, and traps.
    private static void UseAndDispose(Engine engine, int number)
    {
        using var module = Module.Compile(engine, Wat.ToBinary($$"""
            (module (memory 1) (type (func (param {{string.Concat(Enumerable.Repeat("i32 ", number % 7))}})))
              (func (export "f") (result i32) i32.const {{number}})
              (func (export "trap") unreachable))
            """));
        using var store = new Store(engine);
        var instance = new Linker(engine).Instantiate(store, module);
        Assert.Equal(number, instance.GetFunction<int>("f")());
        Assert.Throws<TrapException>(() => instance.GetFunction("trap")!.Call());
    }

    private static int LoadedCodes() => System.Runtime.Loader.AssemblyLoadContext.All.Count(context => context.IsCollectible && context.Assemblies.Any());

    private static long Settle()
    {
        // An unloaded context takes a few collections: the last of its methods' loader allocators is finalised first.
        for (var i = 0; i < 8; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
