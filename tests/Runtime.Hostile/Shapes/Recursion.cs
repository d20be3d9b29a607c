using static HostService.Runtime.Hostile.Scenario;
using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Recursion without end through every kind of call: a trap, or with tail calls an end that comes without using stack.</summary>
internal static class Recursion
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("recursion, direct", Exhausts, () => """(module (func $f (export "run") call $f))"""),
        new("recursion, mutual", Exhausts, () => """(module (func $f (export "run") call $g) (func $g call $f))"""),
        new("recursion, indirect", Exhausts, () => """(module (table funcref (elem $f)) (func $f (export "run") (call_indirect (i32.const 0))))"""),
        new("recursion, by reference", Exhausts, () => """(module (type $t (func)) (elem declare func $f) (func $f (export "run") (call_ref $t (ref.func $f))))"""),
        new("recursion, through the host", Exhausts, () => """(module (import "host" "again" (func $again)) (func (export "run") call $again))"""),
        new("recursion, through the host by reference", Exhausts, () =>
            """(module (type $t (func)) (import "host" "again" (func $again (type $t))) (elem declare func $again) (func (export "run") (call_ref $t (ref.func $again))))"""),
        new("recursion, in the start function", Exhausts, () => "(module (func $f call $f) (start $f))"),
        new("recursion, with 1,000 parameters", Exhausts, () => Frame($"(param {Repeat(1_000, "i64")})", Repeat(1_000, i => Invariant($"local.get {i}")), Repeat(1_000, "i64.const 1"))),
        new("recursion, with 1,000 vectors as parameters", Exhausts, () =>
            Frame($"(param {Repeat(1_000, "v128")})", Repeat(1_000, i => Invariant($"local.get {i}")), Repeat(1_000, "v128.const i64x2 1 2"))),
        new("recursion, with 1,000 results", Exhausts, () =>
            $"(module (func $f (result {Repeat(1_000, "i64")}) call $f) (func (export \"run\") call $f {Repeat(1_000, "drop")}))"),
        new("recursion, with 5,000 vectors as locals", Exhausts, () => $"""
            (module (func $v (param v128) (result v128) local.get 0)
              (func $f (export "run") (local {Repeat(5_000, "v128")})
                {Repeat(5_000, i => Invariant($"(local.set {i} (call $v (v128.const i64x2 {i} 1)))"))} call $f
                {Repeat(5_000, i => Invariant($"(drop (call $v (local.get {i})))"))}))
            """),
        new("recursion, with 300 live operands", Exhausts, () => $"""
            (module (func $f (export "run") (result i64) {Repeat(300, "call $one")} call $f {Repeat(300, "i64.add")}) (func $one (result i64) i64.const 1))
            """),
        new("recursion, inside handlers", Exhausts, () => """(module (tag $t) (func $f (export "run") block try_table (catch_all 0) call $f end end))"""),
        new("recursion, in a handler", Exhausts, () => """(module (tag $t) (func $f (export "run") block try_table (catch_all 0) throw $t end end call $f))"""),
        new("recursion, in a legacy handler", Exhausts, () => """(module (tag $t) (func $f (export "run") try throw $t catch $t call $f end))"""),
        new("recursion, tail calls", Returns, () => Tail("return_call $f", "")),
        new("recursion, indirect tail calls", Returns, () => Tail("i32.const 0 return_call_indirect (type $t)", "(table funcref (elem $f))")),
        new("recursion, tail calls by reference", Returns, () => Tail("ref.func $f return_call_ref $t", "(elem declare func $f)")),
        new("recursion, tail calls to more parameters", Returns, () => $"""
            (module (func $f (export "run") i32.const 300000 return_call $a)
              (func $a (param i32) (if (i32.eqz (local.get 0)) (then return)) (i32.sub (local.get 0) (i32.const 1)) {Repeat(100, "i64.const 1")} return_call $b)
              (func $b (param i32) (param {Repeat(100, "i64")}) local.get 0 return_call $a))
            """),
        new("recursion, tail calls out of a handler", Returns, () => """
            (module (tag $t) (func (export "run") i32.const 3000 return_call $f)
              (func $f (param i32) (if (i32.eqz (local.get 0)) (then return)) block try_table (catch_all 0) throw $t end end (i32.sub (local.get 0) (i32.const 1)) return_call $f))
            """),
        new("tail calls without end", IsInterrupted, () => """(module (func $f (export "run") return_call $f))""") { IsEndless = true },
        new("tail calls without end, with large frames", IsInterrupted, () => $"""
            (module (func $v (param v128) (result v128) local.get 0)
              (func $f (export "run") (local {Repeat(5_000, "v128")}) {Repeat(5_000, i => Invariant($"(local.set {i} (call $v (local.get {i})))"))} return_call $f))
            """) { IsEndless = true },
    ];

    private static string Frame(string signature, string pass, string first) =>
        $"(module (func $f {signature} {pass} call $f) (func (export \"run\") {first} call $f))";

    private static string Tail(string call, string declarations) => $"""
        (module (type $t (func (param i32))) {declarations} (func (export "run") i32.const 3000000 call $f)
          (func $f (type $t) (if (i32.eqz (local.get 0)) (then return)) (i32.sub (local.get 0) (i32.const 1)) {call}))
        """;
}
