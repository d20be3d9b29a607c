using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Loads from one base share a touch of their last byte where nothing can tell which of them trapped.</summary>
public class SharedTouchTests
{
    private const int LastByte = 65_535;

    [Theory]
    [InlineData(BoundsChecks.Explicit)]
    [InlineData(BoundsChecks.Automatic)]
    public void Loads_OfOneBase_TrapIfAnyIsOutOfBounds(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module (memory 1) (func (export "f") (param i32) (result i32)
              (i32.add (i32.add (i32.load8_u (local.get 0)) (i32.load (local.get 0))) (i32.and (i32.const 255) (i32.load offset=16 (local.get 0))))))
            """, boundsChecks);

        Assert.Equal(0, guest.Call("f", LastByte - 19)[0].I32);
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => guest.Call("f", LastByte - 18)).Code);
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => guest.Call("f", -1)).Code);
    }

    [Theory]
    [InlineData(BoundsChecks.Explicit)]
    [InlineData(BoundsChecks.Automatic)]
    public void Loads_ThroughAWrappedPointer_TrapWhereItsLowerHalfPoints(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module (memory 1)
              (func (export "f") (param i64) (result i32)
                (i32.add (i32.wrap_i64 (i64.load (i32.wrap_i64 (local.get 0)))) (i32.and (i32.const 255) (i32.load offset=16 (i32.wrap_i64 (local.get 0))))))
              (func (export "changed") (param i64) (result i32) (local i32)
                (local.set 1 (i32.wrap_i64 (i64.load (i32.wrap_i64 (local.get 0)))))
                (local.set 0 (i64.add (local.get 0) (i64.const 8)))
                (i32.add (local.get 1) (i32.wrap_i64 (i64.load (i32.wrap_i64 (local.get 0)))))))
            """, boundsChecks);

        Assert.Equal(0, guest.Call("f", 0x7_0000_0000L + LastByte - 19)[0].I32);
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => guest.Call("f", 0x7_0000_0000L + LastByte - 18)).Code);
        Assert.Equal(0, guest.Call("changed", LastByte - 15L)[0].I32);
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => guest.Call("changed", LastByte - 14L)).Code);
    }

    [Theory]
    [InlineData(BoundsChecks.Explicit)]
    [InlineData(BoundsChecks.Automatic)]
    public void Effect_BetweenTwoLoads_HappensBeforeTheSecondTraps(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module (memory (export "memory") 1) (global $calls (export "calls") (mut i32) (i32.const 0))
              (func $call (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
              (func (export "store") (param i32)
                (drop (i32.load (local.get 0))) (i32.store (i32.const 0) (i32.const 7)) (drop (i32.load offset=65536 (local.get 0))))
              (func (export "global") (param i32)
                (drop (i32.load (local.get 0))) (global.set $calls (i32.const 5)) (drop (i64.load offset=65529 (local.get 0))))
              (func (export "call") (param i32)
                (drop (i32.load (local.get 0))) (call $call) (drop (i32.load16_u offset=65535 (local.get 0))))
              (func (export "divide") (param i32)
                (drop (i32.load (local.get 0))) (drop (i32.div_s (i32.const 1) (i32.const 0))) (drop (i32.load offset=65536 (local.get 0)))))
            """, boundsChecks);

        Assert.Throws<TrapException>(() => guest.Call("store", 0));
        Assert.Equal(7, guest.Instance.GetMemory("memory")!.Span[0]);
        Assert.Throws<TrapException>(() => guest.Call("global", 0));
        Assert.Equal(5, guest.Instance.GetGlobal("calls")!.Value.I32);
        Assert.Throws<TrapException>(() => guest.Call("call", 0));
        Assert.Equal(6, guest.Instance.GetGlobal("calls")!.Value.I32);
        Assert.Equal(TrapCode.IntegerDivideByZero, Assert.Throws<TrapException>(() => guest.Call("divide", 0)).Code);
    }

    [Theory]
    [InlineData(BoundsChecks.Explicit)]
    [InlineData(BoundsChecks.Automatic)]
    public void Load_FromALocalThatChanged_IsCheckedAgain(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module (memory 1)
              (func (export "set") (param i32) (result i64) (local i64)
                (local.set 1 (i64.load (local.get 0)))
                (local.set 0 (i32.add (local.get 0) (i32.const 65532)))
                (drop (i64.load (local.get 0)))
                (local.get 1))
              (func (export "meet") (param i32 i32) (result i32)
                (if (local.get 1) (then (drop (i32.load16_u (local.get 0)))))
                (i32.and (i32.load16_u (local.get 0)) (i32.const 255)))
              (func (export "loop") (param i32 i32)
                (loop
                  (drop (i64.load (local.get 0)))
                  (local.set 0 (i32.add (local.get 0) (i32.const 65532)))
                  (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))))
            """, boundsChecks);

        Assert.Throws<TrapException>(() => guest.Call("set", 0));
        Assert.Throws<TrapException>(() => guest.Call("meet", LastByte, 0));
        guest.Call("loop", 0, 1);
        Assert.Throws<TrapException>(() => guest.Call("loop", 0, 2));
    }
}
