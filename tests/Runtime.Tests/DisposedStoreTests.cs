using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>What a Store leaves behind is lent to the next one: whoever still holds the first must neither see nor change what the second does.</summary>
public sealed class DisposedStoreTests : IDisposable
{
    private readonly Engine _engine = new(new EngineOptions { Features = WasmFeatures.Threads });

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void CheckDeadline_AfterDispose_LeavesTheRequestOfTheNextStore()
    {
        using var module = Module.Compile(_engine, Wat.ToBinary("""(module (import "h" "f" (func $f)) (func (export "spin") (call $f) (loop (br 0))))"""));
        var gone = new Store(_engine);
        gone.SetEpochDeadline(0);
        gone.Dispose();
        using var store = new Store(_engine);
        store.SetEpochDeadline(1);

        // The epoch does not advance again: a request that is taken back here is not made again.
        var linker = new Linker(_engine).DefineFunction("h", "f", () =>
        {
            _engine.IncrementEpoch();
            Assert.Throws<ObjectDisposedException>(gone.CheckDeadline);
        });
        using var patience = new Timer(_ => _engine.IncrementEpoch(), null, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));

        var trap = Assert.Throws<TrapException>(() => linker.Instantiate(store, module).GetFunction("spin")!.Call());

        Assert.Equal(TrapCode.Interrupted, trap.Code);
        Assert.Equal(1UL, _engine.CurrentEpoch);
    }

    [Fact]
    public void Statistics_AfterDispose_AreTheStoresOwn()
    {
        using var module = Module.Compile(_engine, Wat.ToBinary("(module (memory 3))"));
        var gone = new Store(_engine);
        _ = new Memory(gone, new MemoryType(new Limits(1, null)));
        gone.Dispose();
        using var store = new Store(_engine);
        new Linker(_engine).Instantiate(store, module);

        Assert.Equal((0UL, 65_536UL), (gone.MemoryBytes, gone.PeakMemoryBytes));
    }

    [Fact]
    public void SharedMemory_GrownThroughADisposedStore_IsRefusedAndChargedToNobody()
    {
        using var memory = new SharedMemory(_engine, new MemoryType(new Limits(1, 10), IsShared: true));
        var gone = new Store(_engine);
        var view = new Memory(gone, memory);
        gone.Dispose();
        using var store = new Store(_engine);

        Assert.Throws<ObjectDisposedException>(() => view.Grow(1));

        Assert.Equal((1L, 0UL), (memory.Pages, store.MemoryBytes));
    }

    [Fact]
    public void SharedMemory_ThatIsGone_IsRefusedAsSuchAndNotForItsLength()
    {
        using var module = Module.Compile(_engine, Wat.ToBinary("""(module (import "h" "memory" (memory 1 10 shared)))"""));
        var memory = new SharedMemory(_engine, new MemoryType(new Limits(1, 10), IsShared: true));
        var linker = new Linker(_engine).Define("h", "memory", memory);
        memory.Dispose();

        Assert.Throws<ObjectDisposedException>(() => linker.InstantiatePre(module));
    }

    [Fact]
    public void Array_OfAModuleThatIsGone_IsNoArrayOfTheNextWithTheSameType()
    {
        // Its elements are of a CLR type that went with the module; the next module's code has one of its own.
        var old = MakeArray();
        using var module = Module.Compile(_engine, ArrayModule);
        using var store = new Store(_engine);
        var instance = new Linker(_engine).Instantiate(store, module);

        Assert.Equal(7, instance.GetFunction("first")!.Call(instance.GetFunction("make")!.Call()[0])[0].I32);
        Assert.Throws<ArgumentException>(() => instance.GetFunction("first")!.Call(Value.FromRef(old)));
        Assert.Equal(0, instance.GetFunction("is")!.Call(Value.FromRef(old))[0].I32);
    }

    private static byte[] ArrayModule => Wat.ToBinary("""
        (module (type $a (array i32))
          (func (export "make") (result (ref $a)) (array.new $a (i32.const 7) (i32.const 2)))
          (func (export "first") (param (ref $a)) (result i32) (array.get $a (local.get 0) (i32.const 0)))
          (func (export "is") (param anyref) (result i32) (ref.test (ref array) (local.get 0))))
        """);

    private object MakeArray()
    {
        using var module = Module.Compile(_engine, ArrayModule);
        using var store = new Store(_engine);
        return new Linker(_engine).Instantiate(store, module).GetFunction("make")!.Call()[0].Ref!;
    }
}
