using static HostService.Runtime.Hostile.Scenario;
using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Control flow that is dear to optimise: each stays just below the sizes at which RyuJIT gives up optimising of its own accord.</summary>
internal static class CompilerTraps
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        // Every join needs a phi for each local that is live across it.
        new("900 joins with 900 live locals", Returns, () => Run(
            $"{Repeat(900, i => Invariant($"local.get 0 if i32.const {i} local.set {i} else i32.const 7 local.set {900 - i} end"))} {Repeat(900, i => Invariant($"local.get {i} i32.add"))}", 901)),
        new("400 nested loops with 900 live locals", Returns, () => Run(
            $"{Repeat(400, "loop")} {Repeat(400, i => Invariant($"local.get {i} i32.const 1 i32.add local.set {i + 1} i32.const 0 call $id br_if 0 end"))} {Repeat(900, i => Invariant($"local.get {i} i32.add"))}", 901)),

        // Range analysis follows additions through phis; with several ways into each sum the paths multiply (dotnet/runtime issue 133147).
        new("array indices from flattened control flow", Returns, () => $$"""
            (module (type $a (array (mut i32))) (func $id (param i32) (result i32) local.get 0)
              (func (export "run") (local $x (ref null $a)) (local $state i32) (local $n i32) (local {{Repeat(24, "i32")}})
                (local.set $x (array.new_default $a (i32.const 64)))
                (loop $dispatch
                  (local.set $n (i32.add (local.get $n) (i32.const 1)))
                  {{Repeat(24, "block")}}
                  (br_table {{Repeat(24, i => Invariant($"{i}"))}} (call $id (local.get $state)))
                  {{Repeat(24, i => Invariant($"end (local.set {3 + i} (i32.add (local.get {3 + ((i * 5 + 1) % 24)}) (local.get {3 + ((i * 7 + 2) % 24)}))) (if (i32.lt_u (local.get {3 + i}) (i32.const 64)) (then (drop (array.get $a (local.get $x) (local.get {3 + i}))))) (local.set $state (i32.const {(i + 1) % 24})) (br_if $dispatch (i32.lt_u (local.get $n) (i32.const 100)))"))}})))
            """),
        new("array indices summed through 18 joins", Returns, () => $$"""
            (module (type $a (array (mut i32))) (func $id (param i32) (result i32) local.get 0)
              (func (export "run") (local $x (ref null $a)) (local $i i32) (local $j i32) (local $n i32)
                (local.set $x (array.new_default $a (i32.const 64)))
                (loop $again
                  {{Repeat(18, i => Invariant($"(if (call $id (i32.const {i & 1})) (then (local.set $i (i32.add (local.get $i) (local.get $j)))) (else (local.set $j (i32.add (local.get $j) (local.get $i)))))"))}}
                  (local.set $i (i32.and (local.get $i) (i32.const 63)))
                  (drop (array.get $a (local.get $x) (local.get $i)))
                  (local.set $n (i32.add (local.get $n) (i32.const 1)))
                  (br_if $again (i32.lt_u (local.get $n) (i32.const 10))))))
            """),
        new("1,000 nested handlers", Returns, () => $"(module (tag $t) (func $f) (func (export \"run\") {Repeat(1_000, "block try_table (catch $t 0)")} call $f {Repeat(1_000, "end end")}))"),
        new("10,000 nested handlers", IsRefused, () => $"(module (tag $t) (func $f) (func (export \"run\") {Repeat(10_000, "block try_table (catch $t 0)")} call $f {Repeat(10_000, "end end")}))"),

        // So many are not optimised: each caught exception stays in its place of a frame of 200 KB, and is counted with that frame.
        new("10,000 handlers in a row", "trap AllocationTooLarge", () => $"(module (tag $t) (func (export \"run\") {Repeat(10_000, "block try_table (catch $t 0) throw $t end unreachable end")}))"),
        new("70,000 handlers in a row", IsRefused, () => $"(module (tag $t) (func (export \"run\") {Repeat(70_000, "block try_table (catch $t 0) end end")}))"),
        new("try_table with 10,000 clauses", Returns, () => $"(module (tag $t) (func (export \"run\") block try_table {Repeat(10_000, "(catch $t 0)")} throw $t end end))"),
        new("a throw through 900 handlers for other tags", Returns, () => $"(module (tag $t) (tag $u) (func (export \"run\") block try_table (catch $t 0) {Repeat(900, "block try_table (catch $u 0)")} throw $t {Repeat(900, "end end")} end end))"),
    ];

    private static string Run(string instructions, int locals) =>
        $"(module (func $id (param i32) (result i32) local.get 0) (func (export \"run\") (local {Repeat(locals, "i32")}) i32.const 0 call $id local.set 0 {instructions.Replace("local.get 0 i32.add", "local.get 0", StringComparison.Ordinal)} drop))";
}
