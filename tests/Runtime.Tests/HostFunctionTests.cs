using HostService.Runtime.Errors;
using HostService.Runtime.Tests.Compilation;
using HostService.Runtime.Types;
using HostService.Support;
using Xunit;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Tests;

/// <summary>Host functions: from delegates of many shapes, with their caller, and with their faults told from the guest's.</summary>
public sealed class HostFunctionTests
{
    [Fact]
    public void Delegate_EachTypeThatMaps_IsCalledWithItsArguments()
    {
        using var guest = new Guest(
            """
            (module (import "h" "f" (func $f (param i32 i64 f32 f64 i32 i64) (result f64)))
              (func (export "run") (result f64)
                i32.const -1 i64.const 2 f32.const 3 f64.const 4 i32.const -1 i64.const -1 call $f))
            """,
            link: linker => linker.DefineFunction(
                "h", "f", (int a, long b, float c, double d, uint e, ulong f) => a + b + c + d + (e == uint.MaxValue ? 100 : 0) + (f == ulong.MaxValue ? 1_000 : 0)));

        Assert.Equal(1_108, guest.Call("run")[0].F64);
    }

    [Fact]
    public void Delegate_TupleResult_IsSeveralResults()
    {
        using var guest = new Guest(
            """
            (module (import "h" "f" (func $f (param i32) (result i32 i64 f64 externref)))
              (func (export "run") (param i32) (result i32 i64 f64 externref) local.get 0 call $f))
            """,
            link: linker => linker.DefineFunction("h", "f", (int x) => (x + 1, x + 2L, x + 0.5, (object?)"text")));

        var results = guest.Call("run", 10);

        Assert.Equal((11, 12L, 10.5, "text"), (results[0].I32, results[1].I64, results[2].F64, (string?)results[3].Reference));
    }

    [Fact]
    public void Delegate_FuncParameterAndResult_AreFunctionReferences()
    {
        using var guest = new Guest(
            """
            (module (import "h" "twice" (func $twice (param funcref) (result funcref))) (table 1 funcref) (elem declare func $next)
              (func $next (param i32) (result i32) local.get 0 i32.const 1 i32.add)
              (func (export "run") (result i32)
                (table.set (i32.const 0) (call $twice (ref.func $next)))
                (call_indirect (param i32) (result i32) (i32.const 5) (i32.const 0))))
            """,
            link: linker => linker.DefineFunction("h", "twice", (Caller caller, Func? function) =>
                (Func?)Func.FromHost(caller.Store, HostFunction.Create((int x) => function!.Call(function.Call(x))[0].I32))));

        Assert.Equal(7, guest.Call("run")[0].I32);
    }

    [Fact]
    public void Callback_TypeKnownAtRunTime_GetsAndSetsValues()
    {
        var type = new FuncType([ValueType.I32, ValueType.F64, ValueType.ExternRef], [ValueType.ExternRef, ValueType.I32]);
        using var guest = new Guest(
            """
            (module (import "h" "f" (func $f (param i32 f64 externref) (result externref i32)))
              (func (export "run") (param externref) (result externref i32) i32.const 3 f64.const 4 local.get 0 call $f))
            """,
            link: linker => linker.Define("h", "f", HostFunction.Create(type, (caller, arguments, results) =>
            {
                Assert.NotNull(caller.Instance);
                results[0] = arguments[2];
                results[1] = arguments[0].I32 + (int)arguments[1].F64;
            })));

        var results = guest.Call("run", Value.FromRef("thing"));

        Assert.Equal(("thing", 7), ((string?)results[0].Reference, results[1].I32));
    }

    [Fact]
    public void Callback_ResultOfTheWrongType_IsAFaultOfTheHost()
    {
        using var guest = new Guest(
            "(module (import \"h\" \"f\" (func $f (result i32))) (func (export \"run\") (result i32) call $f))",
            link: linker => linker.Define("h", "f", HostFunction.Create(new FuncType([], [ValueType.I32]), (_, _, results) => results[0] = 1.5)));

        Assert.Throws<ArgumentException>(() => guest.Call("run"));
    }

    [Fact]
    public void Caller_InAHostFunction_ReachesStoreInstanceAndMemory()
    {
        using var guest = new Guest(
            """
            (module (import "h" "print" (func $print (param i32 i32))) (memory (export "memory") 1) (data (i32.const 16) "hello")
              (func (export "run") i32.const 16 i32.const 5 call $print))
            """,
            link: linker => linker.DefineFunction("h", "print", (Caller caller, int address, int length) =>
            {
                caller.Store.Data = System.Text.Encoding.UTF8.GetString(caller.GetMemory("memory")!.Slice(address, length));
                Assert.Same(caller.Store.Engine, caller.Engine);
                Assert.NotNull(caller.GetFunction("run"));
                Assert.Null(caller.GetMemory("run"));
            }));

        guest.Call("run");

        Assert.Equal("hello", guest.Store.Data);
    }

    [Fact]
    public void EngineWideFunction_BoundOnce_ServesEveryStoreWithItsOwnCaller()
    {
        using var engine = new Engine(new EngineOptions
        {
            HostFunctions = [new("h", "data", HostFunction.Create((Caller caller) => (int)caller.Store.Data!))],
        });
        using var module = Module.Compile(engine, Wat.ToBinary("(module (import \"h\" \"data\" (func $f (result i32))) (func (export \"run\") (result i32) call $f) (export \"data\" (func $f)))"));
        var pre = new Linker(engine).InstantiatePre(module);
        var locks = engine.Signatures.WriteLocks;
        using var first = new Store(engine) { Data = 1 };
        using var second = new Store(engine) { Data = 2 };
        var (one, two) = (pre.Instantiate(first), pre.Instantiate(second));

        Assert.Equal((1, 2, 1), (one.GetFunction<int>("run")(), two.GetFunction<int>("run")(), one.GetFunction<int>("run")()));
        Assert.Same(one.GetFunction("data")!.Reference, two.GetFunction("data")!.Reference);
        Assert.Equal(locks, engine.Signatures.WriteLocks);
    }

    [Fact]
    public void EngineWideFunction_SameNamesTwice_IsRefused() => Assert.Throws<ArgumentException>(() => new Engine(new EngineOptions
    {
        HostFunctions = [new("h", "f", HostFunction.Create(() => { })), new("h", "f", HostFunction.Create(() => { }))],
    }));

    [Fact]
    public void HostFault_PassesUnchanged_AndIsNoTrap()
    {
        var thrown = new DivideByZeroException("of the host");
        using var guest = new Guest(
            "(module (import \"h\" \"f\" (func $f)) (func $g call $f) (func (export \"run\") call $g) (func (export \"fine\") (result i32) i32.const 1))",
            link: linker => linker.DefineFunction("h", "f", () => { throw thrown; }));

        Assert.Same(thrown, Assert.Throws<DivideByZeroException>(() => guest.Call("run")));
        Assert.Same(thrown, Assert.Throws<DivideByZeroException>(() => guest.Instance.GetAction("run")()));
        Assert.Equal(1, guest.Call("fine")[0].I32);
    }

    [Fact]
    public void HostFault_ThroughNestedGuests_StillIsTheSameObject()
    {
        var thrown = new OverflowException();
        using var guest = new Guest(
            "(module (import \"h\" \"again\" (func $again)) (import \"h\" \"throw\" (func $throw)) (func (export \"inner\") call $throw) (func (export \"outer\") call $again))",
            link: linker => linker
                .DefineFunction("h", "again", (Caller caller) => { caller.GetFunction("inner")!.Call(); })
                .DefineFunction("h", "throw", () => { throw thrown; }));

        Assert.Same(thrown, Assert.Throws<OverflowException>(() => guest.Call("outer")));
    }

    [Fact]
    public void Trap_CaughtByTheHost_DoesNotEndTheOuterGuest()
    {
        using var guest = new Guest(
            """
            (module (import "h" "try" (func $try (result i32)))
              (func (export "inner") unreachable)
              (func (export "outer") (result i32) call $try i32.const 1 i32.add))
            """,
            link: linker => linker.DefineFunction("h", "try", (Caller caller) =>
            {
                try
                {
                    caller.GetFunction("inner")!.Call();
                    return 0;
                }
                catch (TrapException)
                {
                    return 41;
                }
            }));

        Assert.Equal(42, guest.Call("outer")[0].I32);
    }

    [Fact]
    public void Create_DelegateOfATypeThatDoesNotMap_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => HostFunction.Create((decimal x) => x));
        Assert.Throws<ArgumentException>(() => HostFunction.Create((string x) => 1));
        Assert.Throws<ArgumentException>(() => HostFunction.Create(() => DateTime.UnixEpoch));
    }
}
