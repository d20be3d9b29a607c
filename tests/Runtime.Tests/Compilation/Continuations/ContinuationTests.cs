using HostService.Runtime.Errors;
using HostService.Runtime.Execution;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests.Compilation.Continuations;

/// <summary>A continuation enters a function at one of its loops, with the locals and operands of a frame, and goes on as the function does.</summary>
public unsafe class ContinuationTests
{
    [Fact]
    public void Continuation_OfALoopWithEverythingBelowIt_TakesItFromTheFrame()
    {
        using var guest = new Guest("""
            (module (func (export "f") (param $n i32) (param $x externref) (result i64 i32 externref)
              (local $sum i64) (local $f f32) (local $d f64)
              (i32.const 7) (i32.wrap_i64 (local.get $sum)) (f32.add (local.get $f) (local.get $f)) (local.get $x) (local.get $n)
              (loop $l (param i32) (result)
                (local.set $n)
                (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (local.get $n))))
                (local.tee $n (i32.sub (local.get $n) (i32.const 1)))
                (br_if $l (local.get $n))
                (drop))
              (local.set $x) (i32.trunc_f32_s) (i32.add) (i32.add) (local.set $n)
              (local.get $sum) (local.get $n) (local.get $x)))
            """);
        var marker = new object();

        // n, x, sum, f, d; then what lies below the loop, and its parameter.
        ulong* frame = stackalloc ulong[] { Junk(1), 0, 100, Bits(2.5f), 0, Junk(7), Junk(20), Bits(30f), 0, Junk(4) };
        object?[] references = [null, null, null, "unused", null, null, null, null, null, null, marker, null];
        var call = guest.Continuation("f", loop: 0);

        GuestEntry.Enter(guest.Store);
        var sum = ((delegate*<ulong*, object?[]?, int, InstanceState, long>)call)(frame, references, 2, guest.State);
        GuestEntry.Exit(guest.Store);

        Assert.Equal(100 + 4 + 3 + 2 + 1, sum);
        Assert.Equal(7 + 20 + 30, (int)guest.Store.Results[0].Low);
        Assert.Same(marker, guest.Store.Results[1].Ref);
    }

    // An i32 in the lower half of a slot, whose upper half holds anything.
    private static ulong Junk(int value) => 0xDEADBEEF_00000000 | (uint)value;

    private static ulong Bits(float value) => Junk(BitConverter.SingleToInt32Bits(value));
}
