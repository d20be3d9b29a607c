using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

public class CallTests
{
    [Fact]
    public void Trap_InNestedCalls_NamesEveryCallerInOrder()
    {
        // Tiny functions whose call is the last thing they do: RyuJIT would inline them, or make tail calls of the calls.
        using var guest = new Guest("""
            (module
              (func $outer (export "outer") (param i32) (result i32) local.get 0 call $middle)
              (func $middle (param i32) (result i32) local.get 0 call $inner)
              (func $inner (param i32) (result i32) i32.const 1 local.get 0 i32.div_u))
            """);

        var trap = Assert.Throws<TrapException>(() => guest.Call("outer", 0));

        Assert.Equal(TrapCode.IntegerDivideByZero, trap.Code);
        Assert.Equal(["inner", "middle", "outer"], trap.Frames.Select(frame => frame.Function));
    }

    [Fact]
    public void Trap_ThroughTable_NamesEveryCallerInOrder()
    {
        using var guest = new Guest("""
            (module
              (table funcref (elem $leaf))
              (func $caller (export "run") i32.const 0 call_indirect)
              (func $leaf unreachable))
            """);

        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Equal(["leaf", "caller"], trap.Frames.Select(frame => frame.Function));
    }

    [Fact]
    public void Trap_OfInnermostFrame_HasTheOffsetOfItsInstruction()
    {
        byte[] binary = Wasmtime.Module.ConvertText("(module (func (export \"f\") (param i32) (drop (i32.const 1)) (if (local.get 0) (then unreachable))))");
        using var guest = new Guest(binary);

        var trap = Assert.Throws<TrapException>(() => guest.Call("f", 1));

        Assert.Equal(0x00, binary[trap.Frames[0].Offset]);
        Assert.False(trap.Frames[0].IsApproximate);
    }

    [Theory]
    [InlineData(BoundsChecks.Explicit)]
    [InlineData(BoundsChecks.Automatic)]
    public void Trap_OfAccess_IsFoundAmongOtherAccesses(BoundsChecks boundsChecks)
    {
        byte[] binary = Wasmtime.Module.ConvertText("""
            (module (memory 1) (func (export "f") (param i32) (result i32) (local i32)
              (local.set 1 (i32.load (i32.const 0)))
              (i32.store (i32.const 8) (local.get 1))
              (local.set 1 (i32.load16_u (local.get 0)))
              (i32.store (i32.const 16) (local.get 1))
              (local.get 1)))
            """);
        using var guest = new Guest(binary, boundsChecks);

        var trap = Assert.Throws<TrapException>(() => guest.Call("f", 65536));

        Assert.Equal(0x2F, binary[trap.Frames[0].Offset]);
    }

    [Fact]
    public void Recursion_WithoutEnd_TrapsAndLeavesTheStoreUsable()
    {
        using var guest = new Guest("""
            (module
              (func $f (export "f") (param i64) (result i64) local.get 0 call $f i64.const 1 i64.add)
              (func (export "g") (result i32) i32.const 3))
            """);

        Assert.Equal(TrapCode.CallStackExhausted, Assert.Throws<TrapException>(() => guest.Call("f", 1L)).Code);
        Assert.Equal(3, guest.Call("g")[0].I32);
    }

    [Theory]
    [InlineData("return_call $down")]
    [InlineData("i32.const 0 return_call_indirect (type $t)")]
    [InlineData("ref.func $down return_call_ref $t")]
    public void TailCall_AMillionDeep_UsesNoStack(string call)
    {
        using var guest = new Guest($"""
            (module
              (type $t (func (param i32 i32) (result i32)))
              (table funcref (elem $down))
              (func $down (export "down") (type $t)
                (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
                (i32.sub (local.get 0) (i32.const 1))
                (i32.add (local.get 1) (i32.const 1))
                {call}))
            """);

        Assert.Equal(1_000_000, guest.Call("down", 1_000_000, 0)[0].I32);
    }

    [Fact]
    public void TailCall_ToMoreParameters_KeepsItsArguments()
    {
        // The callee takes more stack than the caller has: the CLR then goes through a helper.
        using var guest = new Guest("""
            (module
              (func $many (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i32) (result i64)
                (if (result i64) (i32.eqz (local.get 9))
                  (then (i64.add (i64.add (local.get 0) (local.get 7)) (local.get 8)))
                  (else (return_call $few (i32.sub (local.get 9) (i32.const 1))))))
              (func $few (export "run") (param i32) (result i64)
                (return_call $many
                  (i64.const 1) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 20) (i64.const 300) (local.get 0))))
            """);

        Assert.Equal(321L, guest.Call("run", 100_000)[0].I64);
    }

    [Fact]
    public void Results_OfEveryKind_ArriveInOrder()
    {
        using var guest = new Guest("""
            (module
              (func $all (result i32 i64 f32 f64 externref i32)
                i32.const 1 i64.const 2 f32.const 3 f64.const 4 ref.null extern i32.const 6)
              (func (export "run") (result i32 externref f64 f32 i64 i32) (local i32 i64 f32 f64 externref i32)
                call $all local.set 5 local.set 4 local.set 3 local.set 2 local.set 1 local.set 0
                local.get 5 local.get 4 local.get 3 local.get 2 local.get 1 local.get 0))
            """);

        var results = guest.Call("run");

        Assert.Equal((6, 4d, 3f, 2L, 1), (results[0].I32, results[2].F64, results[3].F32, results[4].I64, results[5].I32));
        Assert.Null(results[1].Reference);
    }

    [Fact]
    public void HostFunction_CalledByGuest_GetsArgumentsInOrder()
    {
        using var guest = new Guest(
            """
            (module
              (import "host" "subtract" (func $subtract (param i32 i32) (result i32)))
              (func (export "run") (param i32) (result i32) i32.const 100 local.get 0 call $subtract))
            """,
            link: linker => linker.DefineFunction("host", "subtract", (int a, int b) => a - b));

        Assert.Equal(93, guest.Call("run", 7)[0].I32);
    }
}
