using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>Minima and maxima that a loop hands from one iteration to the next are made in vector registers: they are what comparing and choosing gives, for every comparison and order.</summary>
public class MinimumTests
{
    private static readonly int[] s_values = [5, -3, 0, 7, int.MinValue, 1, int.MaxValue, -1, 42, int.MaxValue - 1, 2, -2147483600];

    public static TheoryData<string, bool> Selects()
    {
        var data = new TheoryData<string, bool>();
        foreach (var comparison in new[] { "lt_s", "le_s", "gt_s", "ge_s", "lt_u", "le_u", "gt_u", "ge_u" })
        {
            data.Add(comparison, true);
            data.Add(comparison, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Selects))]
    public void Loop_ThatKeepsAMinimum_ComparesAndChooses(string comparison, bool inOrder)
    {
        // $best = (x ? y) ? $best : $v, plus one, where x and y are the two in either order; "other" chooses by a third local, which is no minimum.
        var (left, right) = inOrder ? ("$best", "$v") : ("$v", "$best");
        using var guest = new Guest($$"""
            (module (memory 1) (data (i32.const 0) "{{Bytes(s_values)}}")
              (func (export "plain") (param $best i32) (param $n i32) (result i32) (local $v i32)
                (loop $again
                  (local.set $v (i32.load (i32.mul (local.get $n) (i32.const 4))))
                  (local.set $best (select (local.get $best) (local.get $v) (i32.{{comparison}} (local.get {{left}}) (local.get {{right}}))))
                  (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (local.get $best))
              (func (export "plus") (param $best i32) (param $n i32) (result i32) (local $v i32)
                (loop $again
                  (local.get $best)
                  (local.tee $v (i32.load (i32.mul (local.get $n) (i32.const 4))))
                  (i32.{{comparison}} (local.get {{left}}) (local.get {{right}}))
                  (select) (i32.const 1) (i32.add) (local.set $best)
                  (i32.store (i32.const 1024) (local.get $best))
                  (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (i32.load (i32.const 1024)))
              (func (export "other") (param $best i32) (param $n i32) (result i32) (local $v i32) (local $w i32)
                (loop $again
                  (local.set $w (local.get $best))
                  (local.set $v (i32.load (i32.mul (local.get $n) (i32.const 4))))
                  (local.set $best (select (local.get $best) (local.get $v) (i32.{{comparison}} (local.get {{left}}) (local.get {{right}}))))
                  (local.set $best (select (local.get $best) (local.get $v) (i32.{{comparison}} (local.get $w) (local.tee $w (i32.const 3)))))
                  (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (local.get $best))
              (func (export "changed") (param $best i32) (param $n i32) (result i32) (local $v i32)
                (loop $again
                  (local.set $v (i32.load (i32.mul (local.get $n) (i32.const 4))))
                  (local.set $best (select (local.get $best) (local.get $v) (i32.{{comparison}} (local.get {{left}}) (local.get {{right}}))))
                  (if (i32.and (local.get $n) (i32.const 1)) (then (local.set $best (i32.mul (local.get $best) (i32.const 3)))))
                  (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (local.get $best)))
            """);

        foreach (var first in s_values)
        {
            var (plain, plus, other, changed) = (first, first, first, first);
            for (var n = s_values.Length - 1; n > 0; n--)
            {
                var v = s_values[n];
                plain = Choose(plain, v);
                plus = unchecked(Choose(plus, v) + 1);
                var w = other;
                other = Choose(other, v);
                other = Holds(comparison, w, 3) ? other : v;
                changed = Choose(changed, v);
                changed = (n & 1) != 0 ? unchecked(changed * 3) : changed;
            }

            Assert.Equal(plain, guest.Call("plain", first, s_values.Length - 1)[0].I32);
            Assert.Equal(plus, guest.Call("plus", first, s_values.Length - 1)[0].I32);
            Assert.Equal(other, guest.Call("other", first, s_values.Length - 1)[0].I32);
            Assert.Equal(changed, guest.Call("changed", first, s_values.Length - 1)[0].I32);
        }

        int Choose(int best, int v) => (inOrder ? Holds(comparison, best, v) : Holds(comparison, v, best)) ? best : v;
    }

    private static bool Holds(string comparison, int left, int right) => comparison switch
    {
        "lt_s" => left < right,
        "le_s" => left <= right,
        "gt_s" => left > right,
        "ge_s" => left >= right,
        "lt_u" => (uint)left < (uint)right,
        "le_u" => (uint)left <= (uint)right,
        "gt_u" => (uint)left > (uint)right,
        _ => (uint)left >= (uint)right,
    };

    private static string Bytes(int[] values) => string.Concat(values.SelectMany(BitConverter.GetBytes).Select(b => $"\\{b:x2}"));
}
