using System.Globalization;
using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>What lives in a loop is where it was after the loop's deadline check has called the host, of whatever type it is, however much of it there is, and wherever the loop stands.</summary>
public class DeadlineResumptionTests
{
    private const int Iterations = 9;

    public static TheoryData<string, string> Loops => new()
    {
        {
            "references",
            """
            (local $a externref) (local $b externref) (local $t externref) (local.set $a (local.get $x))
            (loop $l
              (local.set $t (local.get $a)) (local.set $a (local.get $b)) (local.set $b (local.get $t))
              (local.set $sum (i32.add (i32.shl (local.get $sum) (i32.const 1)) (ref.is_null (local.get $a))))
              (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            """
        },
        {
            "waiting operands of every type",
            """
            (local.set $sum
              (i32.const 3) (f32.convert_i32_s (local.get $n)) (f64.convert_i32_s (local.get $n)) (i64.extend_i32_s (local.get $n)) (i8x16.splat (local.get $n)) (local.get $x)
              (loop $l (local.set $sum (i32.add (local.get $sum) (local.get $n))) (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
              (ref.is_null) (local.set $n) (i8x16.extract_lane_u 15) (local.set $m) (i32.wrap_i64) (local.set $k) (i32.trunc_f64_s) (local.set $j) (i32.trunc_f32_s)
              (i32.add) (i32.add (local.get $n)) (i32.add (local.get $m)) (i32.add (local.get $k)) (i32.add (local.get $j)) (i32.add (local.get $sum)))
            """
        },
        {
            "parameters of the loop",
            """
            (local.get $n) (i64.const 1)
            (loop $l (param i32 i64) (result i64)
              (i64.mul (i64.const 3)) (local.set $wide) (local.tee $n (i32.sub (i32.const 1))) (local.get $wide)
              (br_if $l (local.get $n)) (local.set $wide) (drop) (local.get $wide))
            (local.set $sum (i32.wrap_i64))
            """
        },
        {
            "a protected region, and exceptions in it",
            """
            (loop $l
              (block $caught (try_table (catch $e $caught)
                (local.set $k (i32.const 3))
                (loop $i (local.set $sum (i32.add (local.get $sum) (local.get $n))) (br_if $i (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
                (br_if 0 (i32.and (local.get $n) (i32.const 1))) (throw $e)))
              (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            """
        },
        {
            "minima in vector registers",
            """
            (local.set $j (i32.const 1000)) (local.set $k (i32.const -1000))
            (loop $l
              (local.set $m (i32.rem_s (i32.mul (local.get $n) (i32.const 7919)) (i32.const 101)))
              (local.set $j (i32.add (select (local.get $j) (local.get $m) (i32.lt_s (local.get $j) (local.get $m))) (i32.const 2)))
              (local.set $k (select (local.get $m) (local.get $k) (i32.gt_s (local.get $m) (local.get $k))))
              (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.add (local.get $j) (local.get $k))))
              (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            """
        },
        { "more than a Store has places for", ManyLocals(count: 100) },
        { "more loops than may have handlers", string.Concat(Enumerable.Repeat("(local.set $k (i32.const 2)) (loop (local.set $sum (i32.add (local.get $sum) (local.get $k))) (br_if 0 (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))\n", 100)) },
    };

    [Theory]
    [MemberData(nameof(Loops))]
    public void Loop_InterruptedInEveryIteration_GoesOnAsIfItWereNot(string what, string body)
    {
        using var guest = new Guest($"""
            (module (tag $e) (func (export "f") (param $n i32) (param $x externref) (result i32)
              (local $sum i32) (local $j i32) (local $k i32) (local $m i32) (local $wide i64)
              {body}
              (local.get $sum)))
            """);
        var undisturbed = guest.Call("f", Iterations, Value.FromRef("x"))[0].I32;
        var extensions = 0;
        guest.Store.SetEpochDeadline(0);
        guest.Store.OnEpochDeadline(_ =>
        {
            extensions++;
            GC.Collect(0);
            return 0;
        });

        Assert.Equal(undisturbed, guest.Call("f", Iterations, Value.FromRef("x"))[0].I32);
        Assert.NotEqual(0, undisturbed);
        Assert.True(extensions >= Iterations, what);
    }

    [Fact]
    public void Loop_DeadlineNotExtended_TrapsAtTheLoopAndNoHandlerOfTheGuestSeesIt()
    {
        using var guest = new Guest("""
            (module (func (export "f") (result i32)
              (block $caught (try_table (catch_all $caught) (loop $l (br $l))))
              (i32.const 1)))
            """);
        guest.Store.SetEpochDeadline(1);
        var entries = 0;
        guest.Store.OnEpochDeadline(_ => ++entries < 3 ? 0UL : null);
        guest.Engine.IncrementEpoch();

        var trap = Assert.Throws<TrapException>(() => guest.Call("f"));

        Assert.Equal(TrapCode.Interrupted, trap.Code);
        Assert.Equal(3, entries);
        Assert.Single(trap.Frames);
    }

    private static string ManyLocals(int count)
    {
        var locals = Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        return string.Concat(locals.Select(i => $"(local $l{i} i32)"))
            + "(loop $l\n"
            + string.Concat(locals.Select(i => $"(local.set $l{i} (i32.add (local.get $l{i}) (i32.add (local.get $n) (i32.const {i}))))\n"))
            + "(br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))\n"
            + string.Concat(locals.Select(i => $"(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (local.get $l{i})))\n"));
    }
}
