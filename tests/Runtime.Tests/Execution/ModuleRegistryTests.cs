using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

/// <summary>A Store answers everything that starts from a code address: first which module, then what that module knows.</summary>
public sealed class ModuleRegistryTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Register_ModuleOfAnySize_IsOneInsertion()
    {
        using var small = Compile("(module (func))");
        using var large = Compile($"(module {string.Concat(Enumerable.Repeat("(func (result i32) i32.const 1)", 2_000))})");
        using var store = new Store(_engine);
        var linker = new Linker(_engine);

        linker.Instantiate(store, small);
        linker.Instantiate(store, large);
        linker.Instantiate(store, large);

        Assert.Equal(2, store.Modules.Count);
    }

    [Fact]
    public void Find_EachModule_OwnsItsRangeAndNothingElse()
    {
        using var first = Compile("(module (func))");
        using var second = Compile("(module)");
        using var third = Compile("(module (func nop nop))");
        using var store = new Store(_engine);
        foreach (var module in new[] { third, first })
        {
            new Linker(_engine).Instantiate(store, module);
        }

        foreach (var module in new[] { first, third })
        {
            Assert.Same(module, store.Modules.Find(module.CodeRange.Start));
            Assert.Same(module, store.Modules.Find(module.CodeRange.End - 1));
        }

        Assert.Null(store.Modules.Find(second.CodeRange.Start));
        Assert.Null(store.Modules.Find(0));
        Assert.Null(store.Modules.Find(third.CodeRange.End));
    }

    [Fact]
    public void Address_OfAnInstruction_TellsFrameSignatureTrapAndTrampoline()
    {
        using var module = Compile("""
            (module (import "host" "f" (func))
              (func $divide (param i32 i32) (result i32) local.get 0 local.get 1 i32.div_s)
              (func (export "load") (param i32) (result i32) local.get 0 i32.load)
              (memory 1))
            """);
        using var store = new Store(_engine);
        new Linker(_engine).DefineFunction("host", "f", () => { }).Instantiate(store, module);
        var binary = module.Syntax.Binary.Span;
        var divide = module.Syntax.Bodies[0].Offset + binary[module.Syntax.Bodies[0].Offset..].IndexOf((byte)0x6D);
        var load = module.Syntax.Bodies[1].Offset + binary[module.Syntax.Bodies[1].Offset..].IndexOf((byte)0x28);

        var frame = store.Modules.FindFrame(module.Code.AddressOf(divide))!.Value;
        Assert.Equal((1, "divide", divide), (frame.FunctionIndex, frame.Name, (int)frame.Offset));
        Assert.Same(module, frame.Module);
        Assert.Equal("load", store.Modules.FindFrame(module.Code.AddressOf(load))!.Value.Name);

        Assert.Equal(TrapCode.IntegerDivideByZero, store.Modules.FindTrap(module.Code.AddressOf(divide)));
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, store.Modules.FindTrap(module.Code.AddressOf(load)));
        Assert.Null(store.Modules.FindTrap(module.Code.AddressOf(divide - 2)));

        var signature = store.Modules.FindSignature(module.Code.AddressOf(divide))!.Value;
        Assert.Equal(2, _engine.Signatures.FuncType(signature).Parameters.Length);
        Assert.Same(_engine.Signatures.Trampoline(signature), store.Modules.FindTrampoline(module.Code.AddressOf(divide)));
    }

    [Fact]
    public void Module_DisposedWhileAStoreHasItsCode_StaysUntilTheStoreIsGone()
    {
        var module = Compile("(module (func (export \"f\") (result i32) i32.const 3))");
        var store = new Store(_engine);
        var instance = new Linker(_engine).Instantiate(store, module);
        module.Dispose();

        Assert.Equal(3, instance.GetFunction("f")!.Call()[0].I32);
        Assert.Equal(1, _engine.GetStatistics().Modules);

        store.Dispose();
        Assert.Equal((0, 0), (_engine.GetStatistics().Modules, _engine.GetStatistics().Signatures));
    }

    private Module Compile(string text) => Module.Compile(_engine, Wat.ToBinary(text));
}
