using System.Runtime.Loader;
using HostService.Runtime.Types;
using HostService.Support;
using Xunit;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Tests.Execution;

/// <summary>Equal types have one id in an Engine, for as long as somebody owns it.</summary>
public sealed class SignatureRegistryTests : IDisposable
{
    private const string Binary = "(module (type (func (param i32 i32) (result i32))) (func (export \"f\") (type 0) local.get 0))";
    private const string Unary = "(module (type (func (param i32) (result i32))) (func (export \"f\") (type 0) local.get 0))";
    private const string Both =
        "(module (type (func (param i32) (result i32))) (type (func (param i32 i32) (result i32))) (func (type 0) local.get 0) (func (type 1) local.get 0))";

    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void EqualTypes_OfTwoModules_HaveOneId()
    {
        using var first = Compile(Binary);
        using var second = Compile(Both);

        Assert.Equal(first.TypeIds[0], second.TypeIds[1]);
        Assert.NotEqual(first.TypeIds[0], second.TypeIds[0]);
        Assert.Equal(2, _engine.GetStatistics().Signatures);
    }

    [Fact]
    public void Id_WithTwoOwners_IsReleasedWithTheLast()
    {
        var first = Compile(Binary);
        var second = Compile(Binary);

        first.Dispose();
        Assert.Equal(1, _engine.Signatures.Count);

        second.Dispose();
        Assert.Equal(0, _engine.Signatures.Count);
    }

    [Fact]
    public void Slot_OfAReleasedId_IsUsedAgain()
    {
        var first = Compile(Binary);
        var id = first.TypeIds[0];
        first.Dispose();
        using var second = Compile(Unary);

        Assert.Equal(id, second.TypeIds[0]);
        Assert.Single(_engine.Signatures.FuncType(id).Parameters);
    }

    [Fact]
    public void RecursiveGroups_EqualAsAWhole_ShareIds_AndTheirPartsDoNot()
    {
        const string Group = "(rec (type $a (func (result (ref null $b)))) (type $b (func (result (ref null $a)))))";
        using var first = Compile($"(module {Group})");
        using var second = Compile($"(module (type (func)) {Group})");
        using var alone = Compile("(module (type $a (func (result (ref null $a)))))");

        Assert.Equal(first.TypeIds.ToArray(), second.TypeIds[1..]);
        Assert.DoesNotContain(alone.TypeIds[0], first.TypeIds);
    }

    [Fact]
    public void Group_NamedByAnother_LivesAsLongAsThatOne()
    {
        var inner = Compile("(module (type (func (param i64))))");
        var id = inner.TypeIds[0];
        using var outer = Compile("(module (type $f (func (param i64))) (type (func (param (ref $f)))))");
        inner.Dispose();

        Assert.Equal(id, outer.TypeIds[0]);
        Assert.Equal(2, _engine.Signatures.Count);
    }

    [Fact]
    public void WriteLock_ModuleCreation_TakesOne_AndInstantiationAndCallsTakeNone()
    {
        var before = _engine.Signatures.WriteLocks;
        using var module = Compile("""
            (module (type $f (func (param i32) (result i32))) (type (func)) (type (func (param f64)))
              (table 1 funcref) (elem (i32.const 0) $g)
              (func $g (type $f) local.get 0)
              (func (export "f") (param i32) (result i32) local.get 0 i32.const 0 call_indirect (type $f)))
            """);
        Assert.Equal(1, _engine.Signatures.WriteLocks - before);

        before = _engine.Signatures.WriteLocks;
        var pre = new Linker(_engine).InstantiatePre(module);
        for (var i = 0; i < 10; i++)
        {
            using var store = new Store(_engine);
            var instance = pre.Instantiate(store);
            Assert.Equal(7, instance.GetFunction("f")!.Call(7)[0].I32);
            Assert.Equal(8, instance.GetFunction<int, int>("f")(8));
        }

        Assert.Equal(before, _engine.Signatures.WriteLocks);
    }

    [Fact]
    public void Trampoline_OfASignature_IsOne_AndGoesWithItsId()
    {
        using var first = Compile(Binary);
        var second = Compile(Unary);

        var trampoline = _engine.Signatures.Trampoline(first.TypeIds[0]);
        Assert.Same(trampoline, _engine.Signatures.Trampoline(first.TypeIds[0]));
        Assert.NotSame(trampoline, _engine.Signatures.Trampoline(second.TypeIds[0]));

        var id = second.TypeIds[0];
        second.Dispose();
        Assert.Throws<InvalidOperationException>(() => _engine.Signatures.Trampoline(id));
    }

    [Fact]
    public void Collection_DisposedTwice_GivesBackOnce()
    {
        using var module = Compile(Binary);
        var type = new FuncType([ValueType.I32, ValueType.I32], [ValueType.I32]);
        var collection = _engine.Signatures.Register(type);

        Assert.Equal(module.TypeIds[0], collection.Ids[0]);
        collection.Dispose();
        collection.Dispose();

        Assert.Equal(1, _engine.Signatures.Count);
        Assert.Equal(type, _engine.Signatures.FuncType(module.TypeIds[0]));
    }

    [Fact]
    public void Registry_AfterTheLastModule_HoldsTheHostFunctionsTypesOnly()
    {
        using var engine = new Engine(new EngineOptions
        {
            HostFunctions = [new("host", "a", HostFunction.Create((int x) => x)), new("host", "b", HostFunction.Create((int x) => -x)), new("host", "c", HostFunction.Create(() => { }))],
        });
        Assert.Equal(2, engine.Signatures.Count);

        using (var module = Module.Compile(engine, Wat.ToBinary("(module (import \"host\" \"a\" (func (param i32) (result i32))) (type (func (param f64))))")))
        {
            Assert.Equal(3, engine.Signatures.Count);
        }

        Assert.Equal(2, engine.Signatures.Count);
    }

    [Fact]
    public void Hammer_RegisterAndRelease_EndsEmptyAndNeverMixesTypes()
    {
        var registry = _engine.Signatures;
        Hammer.Run(8, TimeSpan.FromSeconds(1), (_, random) =>
        {
            var type = new FuncType([.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(2) == 0 ? ValueType.I32 : ValueType.F64)], []);
            using var collection = registry.Register(type);
            Assert.Equal(type, registry.FuncType(collection.Ids[0]));
        });

        Assert.Equal(0, registry.Count);
    }

    // Each context has heaps of its own, so that one for each group would take the memory mappings of the process (docs/adr/0122).
    [Fact]
    public void HeapTypes_OfManyGroupsOfOneModule_ShareFewLoadContexts()
    {
        using var module = Compile($"(module {string.Concat(Enumerable.Range(0, 100).Select(i => $"(type (struct {string.Concat(Enumerable.Repeat("(field i64)", i))}))"))})");
        using var other = Compile("(module (type (struct (field i32))))");
        var contexts = module.TypeIds.Select(id => AssemblyLoadContext.GetLoadContext(_engine.Signatures.HeapType(id).Assembly)).ToList();

        Assert.Equal(100, module.TypeIds.Select(id => _engine.Signatures.HeapType(id).Assembly).Distinct().Count());
        Assert.Equal(4, contexts.Distinct().Count());
        Assert.DoesNotContain(AssemblyLoadContext.GetLoadContext(_engine.Signatures.HeapType(other.TypeIds[0]).Assembly), contexts);
    }

    private Module Compile(string text) => Module.Compile(_engine, Wat.ToBinary(text));
}
