using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using HostService.Support;
using Xunit;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.PublicApi;

/// <summary>What embedders of other kinds of host write: for modules that they don't know or don't trust.</summary>
public sealed class EmbedderTests
{
    [Fact]
    public void UntrustedUpload_EachKindOfFault_IsAnExceptionOfItsOwn()
    {
        using var engine = new Engine();
        using var store = new Store(engine);

        Assert.Equal(0, Assert.Throws<MalformedModuleException>(() => Module.Compile(engine, "<html>"u8.ToArray())).Offset);
        var invalid = Assert.Throws<InvalidModuleException>(() => Module.Compile(engine, Wat.ToBinary("(module (func) (func i32.const 1))")));
        Assert.Equal(1, invalid.FunctionIndex);
        using var unlinkable = Module.Compile(engine, Wat.ToBinary("(module (import \"env\" \"open\" (func)))"));
        Assert.Contains("\"env\".\"open\"", Assert.Single(Assert.Throws<LinkException>(() => new Linker(engine).InstantiatePre(unlinkable)).Problems), StringComparison.Ordinal);
        using var trapping = Module.Compile(engine, Wat.ToBinary("(module (func $init unreachable) (start $init))"));
        var trap = Assert.Throws<TrapException>(() => new Linker(engine).Instantiate(store, trapping));
        Assert.Equal(("unreachable", "unreachable", "init"), (trap.Code.Message(), trap.Code.Identifier(), trap.Frames[0].Function));
        Assert.All<Exception>([invalid, trap], fault => Assert.IsAssignableFrom<WasmException>(fault));
    }

    [Fact]
    public void GenericCaller_OfAModuleItDoesNotKnow_ReadsTypesAndPassesValues()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("""
            (module (func (export "pair") (param i64 f32) (result f32 i64) local.get 1 local.get 0) (memory (export "m") 1))
            """));
        using var store = new Store(engine);
        var instance = new Linker(engine).Instantiate(store, module);

        var export = module.Exports.Single(export => export.Type.Kind == ExternKind.Func);
        Assert.Equal("(func (param i64 f32) (result f32 i64))", export.Type.ToString());
        Value[] arguments = [.. export.Type.Func!.Parameters.Select(type => type.Kind == ValueKind.I64 ? Value.FromI64(5) : Value.FromF32(2.5f))];
        var results = instance.GetFunction(export.Name)!.Call(arguments);

        Assert.Equal((2.5f, 5L), (results[0].F32, results[1].I64));
        Assert.Throws<InvalidOperationException>(() => results[0].I32);
    }

    [Fact]
    public void Embedder_SharesMemoryTableAndGlobal_WithItsGuests()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("""
            (module (import "env" "memory" (memory 1)) (import "env" "table" (table 1 funcref)) (import "env" "counter" (global $counter (mut i32)))
              (func (export "run") (result i32)
                (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
                (i32.add (i32.load8_u (i32.const 7)) (call_indirect (result i32) (i32.const 0)))))
            """));
        using var store = new Store(engine);
        var memory = new Memory(store, new MemoryType(new Limits(1, 4)));
        var counter = new Global(store, new GlobalType(ValueType.I32, IsMutable: true), 10);
        var table = new Table(store, new TableType(new Limits(1, null), ValueType.FuncRef), Value.FromRef(Func.FromHost(store, HostFunction.Create(() => 40))));
        memory.Span[7] = 2;
        var instance = new Linker(engine).Define("env", "memory", memory).Define("env", "table", table).Define("env", "counter", counter).Instantiate(store, module);

        Assert.Equal(42, instance.GetFunction("run")!.Call()[0].I32);
        Assert.Equal(11, counter.Value.I32);
    }

    [Fact]
    public async Task Operator_StopsAGuestFromAnotherThread()
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Wat.ToBinary("(module (func (export \"spin\") (loop (br 0))))"));
        using var store = new Store(engine);
        var instance = new Linker(engine).Instantiate(store, module);
        store.SetEpochDeadline(1);

        var guest = Task.Run(() => instance.GetAction("spin")());
        await Task.Delay(20);
        engine.IncrementEpoch();

        Assert.Equal(TrapCode.Interrupted, (await Assert.ThrowsAsync<TrapException>(() => guest)).Code);
    }
}
