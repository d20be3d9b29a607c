using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Addresses as Go makes them: the stack pointer of 32 bits is extended, a constant is added in 64 bits, and the sum is wrapped.</summary>
public class WidenedPointerTests
{
    private const int LastByte = 65_535;

    public static TheoryData<BoundsChecks> Checks => [BoundsChecks.Explicit, BoundsChecks.Automatic];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Sum_ThatIsWrapped_IsAnAddressOf32Bits(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module (memory 1) (data (i32.const 8) "\2a")
              (func (export "f") (param $sp i32) (result i64)
                (i64.load (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 16))))))
            """, boundsChecks);

        Assert.Equal(42, guest.Call("f", -8)[0].I64);
        Assert.Equal(0, guest.Call("f", LastByte - 23)[0].I64);
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => guest.Call("f", LastByte - 22)).Code);
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => guest.Call("f", -17)).Code);
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Sum_ThatIsNotWrapped_Has64Bits(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module
              (func (export "up") (param i32) (result i64) (i64.add (i64.extend_i32_u (local.get 0)) (i64.const 16)))
              (func (export "down") (param i32) (result i64) (i64.add (i64.add (i64.extend_i32_u (local.get 0)) (i64.const 4)) (i64.const -16)))
              (func (export "changed") (param i32) (result i64)
                (i64.add (i64.extend_i32_u (local.get 0)) (i64.const 16)) (local.set 0 (i32.const 1000)) (i64.extend_i32_u (local.get 0)) (i64.add))
              (func (export "again") (param i32) (result i64)
                (i64.extend_i32_u (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get 0)) (i64.const 16)))))
              (func (export "constant") (result i64) (i64.add (i64.extend_i32_u (i32.const -1)) (i64.const 1)))
              (func (export "is_zero") (param i32) (result i32) (i64.eqz (i64.add (i64.extend_i32_u (local.get 0)) (i64.const -5)))))
            """, boundsChecks);

        Assert.Equal(0x1_0000_0008, guest.Call("up", -8)[0].I64);
        Assert.Equal(-5, guest.Call("down", 7)[0].I64);
        Assert.Equal(1021, guest.Call("changed", 5)[0].I64);
        Assert.Equal(8, guest.Call("again", -8)[0].I64);
        Assert.Equal(0x1_0000_0000, guest.Call("constant")[0].I64);
        Assert.Equal((1, 0), (guest.Call("is_zero", 5)[0].I32, guest.Call("is_zero", 4)[0].I32));
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Load_FromTheSameSum_IsCheckedAgainWhereItsLocalChanged(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module (memory 1)
              (func (export "f") (param $sp i32) (param $next i32) (result i32)
                (i32.wrap_i64 (i64.load (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 16)))))
                (local.set $sp (local.get $next))
                (i32.wrap_i64 (i64.load (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 16)))))
                (i32.add))
              (func (export "other") (param $sp i32) (result i32)
                (i32.wrap_i64 (i64.load (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 16)))))
                (i32.wrap_i64 (i64.load (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 8)))))
                (i32.wrap_i64 (i64.load (local.get $sp)))
                (i32.add) (i32.add)))
            """, boundsChecks);

        Assert.Equal(0, guest.Call("f", 0, LastByte - 23)[0].I32);
        Assert.Throws<TrapException>(() => guest.Call("f", 0, LastByte - 22));
        Assert.Equal(0, guest.Call("other", LastByte - 23)[0].I32);

        // 8 and 0 are in bounds for a pointer just below zero, and the pointer itself is not.
        Assert.Throws<TrapException>(() => guest.Call("other", -8));
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Load_ThatIsStoredWhole_TrapsAcrossTheEnd(BoundsChecks boundsChecks)
    {
        (string Load, string Store, int Bytes)[] copies =
        [
            ("i64.load", "i64.store", 8), ("f64.load", "f64.store", 8), ("i32.load", "i32.store", 4), ("f32.load", "f32.store", 4), ("i64.load32_u", "i64.store32", 4), ("i64.load32_s", "i64.store", 4),
            ("i32.load16_u", "i32.store16", 2), ("i64.load16_s", "i64.store32", 2), ("i64.load", "i64.store32", 8), ("i64.load", "i64.store8", 8), ("i32.load", "i32.store16", 4),
        ];
        foreach (var (load, store, bytes) in copies)
        {
            using var guest = new Guest($"(module (memory 1) (func (export \"f\") (param i32) ({store} (i32.const 0) ({load} (local.get 0)))))", boundsChecks);

            guest.Call("f", LastByte + 1 - bytes);
            for (var across = 1; across < bytes; across++)
            {
                Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => guest.Call("f", LastByte + 1 - bytes + across)).Code);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Load_AtAConstant_TrapsBeyondWhatTheMemoryHas(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module (memory 1)
              (func (export "inside") (result i32) (i32.wrap_i64 (i64.load offset=8 (i32.const 65520))))
              (func (export "across") (result i32) (i32.wrap_i64 (i64.load offset=9 (i32.const 65520))))
              (func (export "grow") (drop (memory.grow (i32.const 1)))))
            """, boundsChecks);

        Assert.Equal(0, guest.Call("inside")[0].I32);
        Assert.Throws<TrapException>(() => guest.Call("across"));
        guest.Call("grow");
        Assert.Equal(0, guest.Call("across")[0].I32);
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void Branch_OnWhetherSomethingIsZero_GoesTheOtherWay(BoundsChecks boundsChecks)
    {
        using var guest = new Guest("""
            (module
              (func (export "if") (param i32) (result i32) (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1)) (else (i32.const 2))))
              (func (export "br_if") (param i32) (result i32) (block (result i32) (br_if 0 (i32.const 1) (i32.eqz (local.get 0))) (drop) (i32.const 2)))
              (func (export "less") (param f64) (result i32) (block (br_if 0 (i32.eqz (f64.lt (local.get 0) (f64.const 1)))) (return (i32.const 1))) (i32.const 2))
              (func (export "twice") (param i32) (result i32) (if (result i32) (i32.eqz (i32.eqz (local.get 0))) (then (i32.const 1)) (else (i32.const 2))))
              (func (export "rotated") (param i32) (result i32) (if (result i32) (i32.eqz (i32.rotl (local.get 0) (i32.const 12))) (then (i32.const 1)) (else (i32.const 2))))
              (func (export "loop") (param i32) (result i32) (local $n i32)
                (loop (local.set $n (i32.add (local.get $n) (i32.const 1))) (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
                  (block (br_if 0 (i32.eqz (local.get 0))) (br 1)))
                (local.get $n)))
            """, boundsChecks);

        Assert.Equal((1, 2), (guest.Call("if", 0)[0].I32, guest.Call("if", 256)[0].I32));
        Assert.Equal((1, 2), (guest.Call("br_if", 0)[0].I32, guest.Call("br_if", 256)[0].I32));
        Assert.Equal((1, 2, 2), (guest.Call("less", 0.5)[0].I32, guest.Call("less", 1.0)[0].I32, guest.Call("less", double.NaN)[0].I32));
        Assert.Equal((2, 1), (guest.Call("twice", 0)[0].I32, guest.Call("twice", 256)[0].I32));
        Assert.Equal((1, 2), (guest.Call("rotated", 0)[0].I32, guest.Call("rotated", 1)[0].I32));
        Assert.Equal(5, guest.Call("loop", 5)[0].I32);
    }
}
