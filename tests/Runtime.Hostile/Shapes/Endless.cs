using static HostService.Runtime.Hostile.Scenario;
using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Loops without progress in every form. The deadline ends each of them.</summary>
internal static class Endless
{
    private const string Types = "(type $s (struct (field i64))) (type $a (array (mut i64))) (type $r (array (mut anyref)))";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Loop("nothing", "nop"),
        Loop("a call", "call $leaf"),
        Loop("a call of the host", "call $nothing"),
        Loop("loops of short life", "(loop (br_if 0 (i32.const 0)))"),
        Loop("branch tables", "(block (br_table 0 0 1 (i32.const 2)))"),
        Loop("throws that are caught", "block try_table (catch $t 0) throw $t end end"),
        Loop("throws by reference", "block (result exnref) try_table (catch_all_ref 0) throw $t end unreachable end drop"),
        Loop("memory.fill of 1 GiB", "(memory.fill (i32.const 0) (i32.const 1) (i32.const 0x40000000))", "(memory 16384)"),
        Loop("memory.copy of 512 MiB", "(memory.copy (i32.const 1) (i32.const 0) (i32.const 0x20000000))", "(memory 16384)"),
        Loop("memory.grow", "(drop (memory.grow (i32.const 1)))", "(memory 1 2)"),
        Loop("table.fill of 10,000,000", "(table.fill $x (i32.const 0) (ref.func $leaf) (i32.const 10000000))", "(table $x 10000000 funcref) (elem declare func $leaf)"),
        Loop("table.copy of 5,000,000", "(table.copy $x $x (i32.const 1) (i32.const 0) (i32.const 5000000))", "(table $x 10000000 funcref)"),
        Loop("table.grow by 1", "(drop (table.grow $x (ref.func $leaf) (i32.const 1)))", "(table $x 0 funcref) (elem declare func $leaf)"),
        Loop("structures dropped", "(drop (struct.new_default $s))"),
        Loop("small arrays dropped", "(drop (array.new_default $a (i32.const 10)))"),
        Loop("arrays of 80 MB dropped", "(drop (array.new_default $a (i32.const 10000000)))"),
        Loop("numbers as references dropped", "(drop (ref.i31 (i32.const 123456)))"),
        Loop("array.fill of 10,000,000", "(array.fill $a (global.get $g) (i32.const 0) (i64.const 1) (i32.const 10000000))", "(global $g (ref $a) (array.new_default $a (i32.const 10000000)))"),
        Loop("array.copy of 10,000,000", "(array.copy $a $a (global.get $g) (i32.const 1) (global.get $g) (i32.const 0) (i32.const 9999999))", "(global $g (ref $a) (array.new_default $a (i32.const 10000000)))"),
        new("endless start function", IsInterrupted, () => "(module (func $f (loop (br 0))) (start $f))") { IsEndless = true },
        new("calls that double 60 times", IsInterrupted, () => $"(module (func $f0) {Repeat(60, i => Invariant($"(func $f{i + 1} call $f{i} call $f{i})"))} (func (export \"run\") call $f60))") { IsEndless = true },
        new("indirect calls that double 60 times", IsInterrupted, () => $"""
            (module (table funcref (elem $f0 {Repeat(60, i => Invariant($"$f{i + 1}"))})) (func $f0) {Repeat(60, i => Invariant($"(func $f{i + 1} (call_indirect (i32.const {i})) (call_indirect (i32.const {i})))"))} (func (export "run") call $f60))
            """) { IsEndless = true },
        new("recursion that throws and catches for ever", IsInterrupted, () => """
            (module (tag $t) (func $f (param i32) (if (i32.eqz (local.get 0)) (then throw $t)) block try_table (catch $t 0) (call $f (i32.sub (local.get 0) (i32.const 1))) end end (call $f (i32.sub (local.get 0) (i32.const 1))))
              (func (export "run") (loop block try_table (catch_all 0) (call $f (i32.const 200)) end end br 0)))
            """) { IsEndless = true },
        new("calls that double, through the host", IsInterrupted, () => """
            (module (import "host" "again" (func $again)) (global $depth (mut i32) (i32.const 0))
              (func (export "run") (if (i32.gt_u (global.get $depth) (i32.const 40)) (then return))
                (global.set $depth (i32.add (global.get $depth) (i32.const 1))) call $again call $again (global.set $depth (i32.sub (global.get $depth) (i32.const 1)))))
            """) { IsEndless = true },
    ];

    private static Scenario Loop(string name, string instructions, string declarations = "") => new($"endless: {name}", IsInterrupted, () =>
        $"""(module {Types} (import "host" "nothing" (func $nothing)) (tag $t) {declarations} (func $leaf) (func (export "run") (loop $again {instructions} br $again)))""")
    {
        IsEndless = true,
        MaxMegabytes = 3_072,
    };
}
