using Xunit;

namespace HostService.Runtime.Tests.Tiering;

/// <summary>Functions that stay in loops of every shape. Each is called <c>f</c>, takes how often it is to go round, and depends on everything that it keeps while it does.</summary>
internal static class LoopShapes
{
    public static TheoryData<string, string> All => new()
    {
        {
            "one in another",
            """
            (func $f (export "f") (param $n i32) (result i64) (local $i i32) (local $j i32) (local $sum i64)
              (block $out (loop $outer
                (br_if $out (i32.ge_s (local.get $i) (local.get $n)))
                (local.set $j (i32.const 0))
                (loop $inner
                  (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.extend_i32_u (i32.xor (local.get $i) (local.get $j)))))
                  (br_if $inner (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $i))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br $outer)))
              (local.get $sum))
            """
        },
        {
            "parameters and results",
            """
            (func $f (export "f") (param $n i32) (result i64) (local $wide i64) (local $f f64)
              (local.get $n) (i64.const 7) (f64.const 0.5)
              (loop $l (param i32 i64 f64) (result i64)
                (f64.add (f64.const 1.25)) (local.set $f)
                (i64.mul (i64.const 3)) (local.set $wide)
                (i32.sub (i32.const 1)) (local.tee $n) (local.get $wide) (local.get $f)
                (br_if $l (i32.gt_s (local.get $n) (i32.const 0)))
                (drop) (local.set $wide) (drop)
                (i64.add (local.get $wide) (i64.trunc_f64_s (f64.mul (local.get $f) (f64.const 8))))))
            """
        },
        {
            "operands of every type below",
            """
            (func $f (export "f") (param $n i32) (result i64) (local $sum i64)
              (i64.extend_i32_u (i32.wrap_i64 (i64.const 0x123456789)))
              (i32.mul (local.get $n) (i32.const -3)) (f32.convert_i32_s (local.get $n)) (f64.convert_i32_s (local.get $n)) (i32.const 5) (local.get $n)
              (loop $l (param i32) (result i32)
                (local.set $n)
                (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_s (local.get $n))))
                (local.tee $n (i32.sub (local.get $n) (i32.const 1)))
                (br_if $l (i32.gt_s (local.get $n) (i32.const 0))))
              (i32.add) (local.set $n) (i32.trunc_f64_s) (i32.add (local.get $n)) (local.set $n) (i32.trunc_f32_s) (i32.add (local.get $n)) (i32.add)
              (i64.extend_i32_u) (i64.add) (i64.add (local.get $sum)))
            """
        },
        {
            "a table of loops",
            """
            (func $f (export "f") (param $n i32) (result i64) (local $sum i64)
              (block $out (loop $a (loop $b (loop $c
                (local.set $sum (i64.add (i64.rotl (local.get $sum) (i64.const 5)) (i64.extend_i32_u (local.get $n))))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br_if $out (i32.lt_s (local.get $n) (i32.const 0)))
                (br_table $a $b $c $a $b (i32.rem_u (local.get $n) (i32.const 7)))))))
              (local.get $sum))
            """
        },
        {
            "a state machine around everything, as Go's compiler writes it",
            """
            (global $sp (mut i32) (i32.const 1024))
            (memory 1)
            (func $f (export "f") (param $n i32) (result i64) (local $pc i32) (local $sum i64)
              (loop $again
                (block $3 (block $2 (block $1 (block $0
                  (br_table $0 $1 $2 $3 (local.get $pc)))
                  (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
                  (i64.store (global.get $sp) (i64.extend_i32_u (local.get $n)))
                  (local.set $pc (i32.const 1)) (br $again))
                  (local.set $sum (i64.add (local.get $sum) (i64.load (global.get $sp))))
                  (local.set $pc (i32.add (i32.const 2) (i32.le_s (local.get $n) (i32.const 0)))) (br $again))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (global.set $sp (i32.add (global.get $sp) (i32.const 16)))
                  (local.set $pc (i32.const 0)) (br $again)))
              (i64.add (local.get $sum) (i64.extend_i32_u (global.get $sp))))
            """
        },
        {
            "one in each arm of a condition",
            """
            (func $f (export "f") (param $n i32) (result i64) (local $k i32) (local $sum i64)
              (loop $l
                (if (i32.and (local.get $n) (i32.const 1))
                  (then (local.set $k (i32.const 3))
                    (loop $t (local.set $sum (i64.add (local.get $sum) (i64.const 1))) (br_if $t (local.tee $k (i32.sub (local.get $k) (i32.const 1))))))
                  (else (local.set $k (i32.const 4))
                    (loop $e (local.set $sum (i64.mul (local.get $sum) (i64.const 3))) (br_if $e (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))))
                (br_if $l (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 1))) (i32.const 0))))
              (local.get $sum))
            """
        },
        {
            "calls of itself, of a table and of the host",
            """
            (type $step (func (param i32) (result i64)))
            (import "host" "twice" (func $twice (param i32) (result i32)))
            (table funcref (elem $f $g))
            (func $g (type $step) (i64.extend_i32_s (call $twice (local.get 0))))
            (func $f (export "f") (type $step) (local $i i32) (local $sum i64)
              (local.set $i (local.get 0))
              (block $out (loop $l
                (br_if $out (i32.le_s (local.get $i) (i32.const 0)))
                (local.set $sum (i64.add (local.get $sum) (call_indirect (type $step) (local.get $i) (i32.const 1))))
                (if (i32.lt_s (local.get 0) (i32.const 4)) (then (local.set $sum (i64.add (local.get $sum) (call $f (i32.sub (local.get $i) (i32.const 1)))))))
                (local.set $i (i32.sub (local.get $i) (i32.const 1)))
                (br $l)))
              (local.get $sum))
            """
        },
        {
            "a result of each kind, and more than one",
            """
            (func $many (param $n i32) (result f32 i32 f64 i64) (local $s i32)
              (loop $l (local.set $s (i32.add (local.get $s) (local.get $n))) (br_if $l (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 1))) (i32.const 0))))
              (f32.convert_i32_s (local.get $s)) (i32.const -9) (f64.convert_i32_s (local.get $n)) (i64.extend_i32_s (local.get $s)))
            (func $nothing (param $n i32) (loop $l (global.set $seen (i32.add (global.get $seen) (i32.const 3))) (br_if $l (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 1))) (i32.const 0)))))
            (global $seen (mut i32) (i32.const 0))
            (func $f (export "f") (param $n i32) (result i64) (local $f f32) (local $i i32) (local $d f64) (local $l i64)
              (call $nothing (local.get $n))
              (call $many (local.get $n)) (local.set $l) (local.set $d) (local.set $i) (local.set $f)
              (i64.add (i64.add (local.get $l) (i64.trunc_f64_s (local.get $d))) (i64.extend_i32_s (i32.add (global.get $seen) (i32.add (local.get $i) (i32.trunc_f32_s (local.get $f)))))))
            """
        },
    };
}
