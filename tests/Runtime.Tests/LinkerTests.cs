using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using HostService.Support;
using Xunit;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Tests;

/// <summary>Names for imports: what fits is linked, and all that doesn't is named at once.</summary>
public sealed class LinkerTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Link_SeveralImportsThatDoNotFit_NamesEach()
    {
        using var module = Compile("""
            (module (import "a" "missing" (func)) (import "a" "other" (func (param i32))) (import "a" "kind" (memory 1)) (import "a" "good" (func)))
            """);
        var linker = new Linker(_engine)
            .DefineFunction("a", "other", (long x) => { }).DefineFunction("a", "kind", () => { }).DefineFunction("a", "good", () => { });

        var refused = Assert.Throws<LinkException>(() => linker.InstantiatePre(module));

        Assert.Equal(3, refused.Problems.Length);
        Assert.StartsWith("unknown import: \"a\".\"missing\"", refused.Problems[0], StringComparison.Ordinal);
        Assert.StartsWith("incompatible import type: \"a\".\"other\"", refused.Problems[1], StringComparison.Ordinal);
        Assert.StartsWith("incompatible import type: \"a\".\"kind\"", refused.Problems[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Link_MoreMissingImportsThanCanBeSaid_NamesAHundredInFewWords()
    {
        var (name, parameters) = (new string('n', 5_000), string.Concat(Enumerable.Repeat(" i64", 1_000)));
        using var module = Compile($"(module (type $wide (func (param{parameters}))) {string.Concat(Enumerable.Repeat($"(import \"a\" \"{name}\" (func (type $wide)))", 300))})");

        var refused = Assert.Throws<LinkException>(() => new Linker(_engine).InstantiatePre(module));

        Assert.Equal(101, refused.Problems.Length);
        Assert.StartsWith("unknown import: \"a\".\"nnn", refused.Problems[99], StringComparison.Ordinal);
        Assert.Equal("200 more imports can't be given", refused.Problems[100]);
        Assert.All(refused.Problems, problem => Assert.InRange(problem.Length, 1, 1_000));
    }

    [Fact]
    public void Define_TakenName_IsRefusedUnlessShadowingIsAllowed()
    {
        var linker = new Linker(_engine).DefineFunction("a", "f", () => 1);

        Assert.Throws<ArgumentException>(() => linker.DefineFunction("a", "f", () => 2));
        linker.AllowShadowing = true;
        linker.DefineFunction("a", "f", () => 2);

        Assert.True(linker.IsDefined("a", "f"));
        Assert.False(linker.IsDefined("a", "g"));
    }

    [Fact]
    public void DefineInstance_ExportsOfAModule_AreSharedNotCopied()
    {
        using var provider = Compile("""
            (module (memory (export "m") 1) (table (export "t") 2 funcref) (global (export "g") (mut i32) (i32.const 5)) (func (export "f") (result i32) global.get 0))
            """);
        using var consumer = Compile("""
            (module (import "p" "m" (memory 1)) (import "p" "t" (table 2 funcref)) (import "p" "g" (global (mut i32))) (import "p" "f" (func $f (result i32)))
              (func $own (result i32) i32.const 77) (elem (i32.const 1) $own)
              (func (export "run") (result i32) (i32.store (i32.const 4) (i32.const 9)) (global.set 0 (i32.const 6)) (call $f)))
            """);
        using var store = new Store(_engine);
        var linker = new Linker(_engine);
        var provided = linker.Instantiate(store, provider);
        var instance = linker.DefineInstance("p", provided).Instantiate(store, consumer);

        Assert.Equal(6, instance.GetFunction<int>("run")());
        Assert.Equal(9, provided.GetMemory("m")!.Span[4]);
        Assert.Equal(6, provided.GetGlobal("g")!.Value.I32);
        Assert.Equal(77, ((Func)provided.GetTable("t")![1].Reference!).Call()[0].I32);
    }

    [Fact]
    public void Link_TheEnginesFunctions_AreFoundWhereTheLinkerHasNone()
    {
        using var engine = new Engine(new EngineOptions { HostFunctions = [new("h", "f", HostFunction.Create(() => 1))] });
        using var module = Module.Compile(engine, Wat.ToBinary("(module (import \"h\" \"f\" (func $f (result i32))) (func (export \"run\") (result i32) call $f))"));
        using var store = new Store(engine);

        Assert.Equal(1, new Linker(engine).Instantiate(store, module).GetFunction<int>("run")());
        Assert.Equal(2, new Linker(engine).DefineFunction("h", "f", () => 2).Instantiate(store, module).GetFunction<int>("run")());
    }

    [Fact]
    public void Define_ItemOfAnotherEngine_IsRefused()
    {
        using var other = new Engine();
        using var store = new Store(other);

        Assert.Throws<ArgumentException>(() => new Linker(_engine).Define("a", "g", new Global(store, new GlobalType(ValueType.I32, false), 1)));
    }

    private Module Compile(string text) => Module.Compile(_engine, Wat.ToBinary(text));
}
