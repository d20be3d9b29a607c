using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.PublicApi;

/// <summary>What somebody writes in the first hour: compile, instantiate, call, exchange memory, meet a trap.</summary>
public sealed class FirstStepsTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void TypedCall_OfAnExport_Calculates()
    {
        using var module = Compile("""
            (module (func $fib (export "fib") (param i32) (result i32)
              (if (result i32) (i32.lt_s (local.get 0) (i32.const 2))
                (then (local.get 0))
                (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
            """);
        using var store = new Store(_engine);

        var fib = new Linker(_engine).Instantiate(store, module).GetFunction<int, int>("fib");

        Assert.Equal(6765, fib(20));
    }

    [Fact]
    public void UntypedCall_OfSeveralResults_GivesAllOfThem()
    {
        using var module = Compile("""(module (func (export "swap") (param i64 f64) (result f64 i64) (local.get 1) (local.get 0)))""");
        using var store = new Store(_engine);
        var swap = new Linker(_engine).Instantiate(store, module).GetFunction("swap")!;

        var results = swap.Call(7L, 2.5);

        Assert.Equal(2, swap.ParameterCount);
        Assert.Equal(2.5, results[0].F64);
        Assert.Equal(7, results[1].I64);
    }

    [Fact]
    public void HostFunction_WithCaller_ReadsTheGuestsMemory()
    {
        using var module = Compile("""
            (module (import "host" "say" (func $say (param i32 i32)))
              (memory (export "memory") 1) (data (i32.const 8) "good morning")
              (func (export "run") (call $say (i32.const 8) (i32.const 12))))
            """);
        var said = new List<string>();
        var linker = new Linker(_engine);
        linker.DefineFunction("host", "say", (Caller caller, int address, int length) =>
            said.Add(System.Text.Encoding.UTF8.GetString(caller.GetMemory("memory")!.Slice(address, length))));
        using var store = new Store(_engine);

        linker.Instantiate(store, module).GetAction("run")();

        Assert.Equal(["good morning"], said);
    }

    [Fact]
    public void Trap_InACalledFunction_NamesBothFunctions()
    {
        using var module = Compile("""
            (module (func $inner (unreachable)) (func $outer (export "run") (call $inner)))
            """);
        using var store = new Store(_engine);
        var run = new Linker(_engine).Instantiate(store, module).GetAction("run");

        var trap = Assert.Throws<TrapException>(run);

        Assert.Equal(TrapCode.Unreachable, trap.Code);
        Assert.Equal(["inner", "outer"], trap.Frames.Select(frame => frame.Function));
    }

    [Fact]
    public void ExceptionOfAHostFunction_ReachesTheCallerAsItIs()
    {
        using var module = Compile("""(module (import "host" "fail" (func $fail)) (func (export "run") (call $fail)))""");
        var linker = new Linker(_engine);
        linker.DefineFunction("host", "fail", void () => throw new DivideByZeroException("ours"));
        using var store = new Store(_engine);
        var run = linker.Instantiate(store, module).GetAction("run");

        // A division by zero of the host is the host's bug and no trap of the guest.
        Assert.Equal("ours", Assert.Throws<DivideByZeroException>(run).Message);
    }

    [Fact]
    public void MissingImports_AreAllNamed()
    {
        using var module = Compile("""(module (import "a" "one" (func)) (import "b" "two" (memory 1)))""");

        var refused = Assert.Throws<LinkException>(() => new Linker(_engine).InstantiatePre(module));

        Assert.Contains("one", refused.Message, StringComparison.Ordinal);
        Assert.Contains("two", refused.Message, StringComparison.Ordinal);
    }

    private Module Compile(string text) => Module.Compile(_engine, Wat.ToBinary(text));
}
