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
        Loop("a call that looks at the deadline", "call $inner", "(func $inner call $leaf)"),
        Loop("a call that looks at the deadline and is never reached", "(block (br_if 0 (i32.const 1)) (call $inner))", "(func $inner call $leaf)"),
        Loop("a call that looks at the deadline, thrown past", "(block (try_table (catch_all 0) (call $throws) (call $inner)))", "(func $throws throw $t) (func $inner call $leaf)"),
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
        Loop("branch on null", "(br_on_null $again (ref.null any)) drop"),
        Loop("branch on a cast", "(br_on_cast $out anyref i31ref (ref.i31 (i32.const 1))) drop", wrap: "block $out (result anyref)"),
        Loop("legacy throws", "try throw $t catch $t end"),
        Loop("legacy rethrows", "try try throw $t catch_all rethrow 0 end catch_all end"),
        Loop("references thrown again", "block (result exnref) try_table (result exnref) (catch_all_ref 0) (throw_ref (block (result exnref) try_table (catch_all_ref 0) throw $t end unreachable)) end end drop"),
        Loop("memory.init of 64 KiB", "(memory.init $d (i32.const 0) (i32.const 0) (i32.const 65536))", $"(memory 1) (data $d \"{new string('x', 65_536)}\")"),
        Loop("table.init of 10,000", "(table.init $x $e (i32.const 0) (i32.const 0) (i32.const 10000))", $"(table $x 10000 funcref) (elem $e func {Text.Repeat(10_000, "$leaf")})"),
        Loop("array.init_data of 64 KiB", "(array.init_data $b $d (global.get $g) (i32.const 0) (i32.const 0) (i32.const 65536))", $"(type $b (array (mut i8))) (global $g (ref $b) (array.new_default $b (i32.const 65536))) (data $d \"{new string('x', 65_536)}\")"),
        Loop("array.new_data of 64 KiB, dropped", "(drop (array.new_data $b $d (i32.const 0) (i32.const 65536)))", $"(type $b (array (mut i8))) (data $d \"{new string('x', 65_536)}\")"),
        Loop("atomic exchanges", "(drop (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 0)))", "(memory 1 1 shared)"),
        Loop("waits that find another value", "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1)))", "(memory 1 1 shared)"),
        Loop("waits of a microsecond", "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000)))", "(memory 1 1 shared)"),
        Loop("notifies", "(drop (memory.atomic.notify (i32.const 0) (i32.const -1)))", "(memory 1 1 shared)"),
        new("wait that nobody ends", IsInterrupted, () => """(module (memory 1 1 shared) (func (export "run") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))""") { IsEndless = true },
        new("wait of 64 bits that nobody ends", IsInterrupted, () => """(module (memory 1 1 shared) (func (export "run") (drop (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const -1)))))""") { IsEndless = true },
        new("wait of 292 years", IsInterrupted, () => """(module (memory 1 1 shared) (func (export "run") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0x7fffffffffffffff)))))""") { IsEndless = true },
        new("wait in the start function", IsInterrupted, () => "(module (memory 1 1 shared) (func $f (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))) (start $f))") { IsEndless = true },
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

    private static Scenario Loop(string name, string instructions, string declarations = "", string wrap = "") => new($"endless: {name}", IsInterrupted, () =>
        $"""(module {Types} (import "host" "nothing" (func $nothing)) (tag $t) {declarations} (func $leaf) (func (export "run") (loop $again {(wrap.Length == 0 ? instructions : $"{wrap} {instructions} (ref.null any) end drop")} br $again)))""")
    {
        IsEndless = true,
        MaxMegabytes = 3_072,
    };
}
