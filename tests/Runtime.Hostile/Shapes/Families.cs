using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Functions of one shape in growing sizes, to find out what a shape costs.</summary>
internal static class Families
{
    private const string Id = "(func $id (param i32) (result i32) local.get 0) (func $id64 (param i64) (result i64) local.get 0)";

    public static IReadOnlyList<(string Name, int[] Sizes, Func<int, string> Text)> All { get; } =
    [
        ("arithmetic in a row", [1_000, 10_000, 100_000], n => Run(Repeat(n, "local.get 0 i32.const 3 i32.mul local.get 1 i32.xor local.set 0"))),
        ("expression nested", [1_000, 10_000, 100_000], n => Run($"local.get 0 {Repeat(n, "local.get 1 i32.xor i32.const 3 i32.mul")} local.set 0")),
        ("expression balanced", [8, 10, 12], n => Run($"{Balanced(n)} local.set 0")),
        ("loads", [500, 1_000, 3_000, 30_000, 100_000], n => Run(Repeat(n, i => Invariant($"local.get 1 i32.load offset={i * 4 % 60_000} local.get 0 i32.add local.set 0")))),
        ("stores", [500, 950, 3_000, 30_000, 100_000], n => Run(Repeat(n, i => Invariant($"local.get 1 local.get 0 i32.store offset={i * 4 % 60_000}")))),
        ("stores at changing addresses", [500, 3_000, 30_000], n => Run(Repeat(n, "local.get 1 call $id local.tee 1 local.get 0 i32.store"))),
        ("vector arithmetic", [500, 3_000, 30_000], n => Run(Repeat(n, i => Invariant($"local.get {2 + (i % 7)} local.get {2 + (i * 3 % 7)} i32x4.add local.set {2 + (i * 5 % 7)}")), "(local i32) (local v128 v128 v128 v128 v128 v128 v128)")),
        ("vector shuffles", [500, 3_000, 30_000], n => Run(Repeat(n, i => Invariant($"local.get {2 + (i % 7)} local.get {2 + (i * 3 % 7)} i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 local.set {2 + (i * 5 % 7)}")), "(local i32) (local v128 v128 v128 v128 v128 v128 v128)")),
        ("vector temporaries", [30, 1_000, 5_000], n => Run($"{Repeat(n, "local.get 0 i32x4.splat")} {Repeat(n - 1, "i32x4.mul")} v128.any_true local.set 0")),
        ("calls", [500, 3_000, 30_000, 100_000], n => Run(Repeat(n, "local.get 0 call $id local.set 0"))),
        ("indirect calls", [300, 1_500, 10_000], n => Run(Repeat(n, "local.get 0 local.get 1 call_indirect (type $t) local.set 0"))),
        ("calls with 100 parameters", [10, 50, 150, 1_000, 5_000], n => Wide(100, n)),
        ("calls with 1,000 parameters", [1, 5, 15, 50, 150, 500], n => Wide(1_000, n)),
        ("calls with 1,000 vectors", [1, 5, 15, 50], n => Wide(1_000, n, "v128")),
        ("calls with 1,000 results", [5, 50, 500], n => $"(module (func $f (result {Repeat(1_000, "i64")}) {Repeat(1_000, "i64.const 1")}) (func (export \"run\") {Repeat(n, $"call $f {Repeat(1_000, "drop")}")}))"),
        ("calls passing 1,000 calls", [1, 5, 20], n => $"(module {Id} (func $f (param {Repeat(1_000, "i64")})) (func (export \"run\") {Repeat(n, $"{Repeat(1_000, "i64.const 1 call $id64")} call $f")}))"),
        ("ifs in a row", [200, 600, 1_800, 20_000, 100_000], n => Run(Repeat(n, "local.get 0 if i32.const 1 local.set 0 else i32.const 2 local.set 0 end"))),
        ("blocks nested, each left", [200, 900, 20_000, 100_000], n => Run($"{Repeat(n, "block")} {Repeat(n, "local.get 0 call $id br_if 0 end")}")),
        ("loops in a row", [100, 300, 600, 3_000, 10_000, 30_000], n => Run(Repeat(n, "loop local.get 0 br_if 0 end"))),
        ("loops nested", [10, 50, 150, 250, 300, 600, 3_000, 10_000], n => Run($"{Repeat(n, "loop")} {Repeat(n, "local.get 0 call $id br_if 0 end")}")),
        ("loops nested with bodies", [10, 50, 150, 300], n => Run($"{Repeat(n, "loop local.get 0 i32.const 1 i32.add local.set 0")} {Repeat(n, i => Invariant($"local.get 1 local.get 0 i32.store offset={i * 4} local.get 0 br_if 0 end"))}")),
        ("branches into loops from inside", [50, 200, 600], n => Run($"{Repeat(n, "loop")} {Repeat(n, i => Invariant($"local.get 0 br_if {n - 1 - i}"))} {Repeat(n, "end")}")),
        ("br_table, all labels in one", [1_000, 10_000, 65_000], n => Run($"block block local.get 0 br_table {Repeat(n, i => Invariant($"{i & 1}"))} 0 end end")),
        ("br_table, a block each", [100, 900, 10_000, 60_000], n => Run($"{Repeat(n, "block")} local.get 0 br_table {Repeat(n, i => Invariant($"{i}"))} {Repeat(n, i => Invariant($"end i32.const {i} local.set 0"))}")),
        ("br_tables over shared blocks", [5, 50, 500], n => Run($"{Repeat(900, "block")} {Repeat(n, i => $"local.get 0 if local.get 1 br_table {Repeat(900, j => Invariant($"{j}"))} end")} {Repeat(900, "end")}")),
        ("interpreter loop", [100, 400, 780, 900], n => Run($"loop {Repeat(n, "block")} local.get 0 br_table {Repeat(n, i => Invariant($"{i}"))} {Repeat(n, i => Invariant($"end local.get {2 + (i % 50)} local.get {2 + (i * 7 % 50)} i32.add local.tee {2 + (i * 3 % 50)} local.set 0 local.get 0 br_if {n - 1 - i}"))} end", $"(local i32) (local {Repeat(60, "i32")})")),
        ("joins with as many live locals", [100, 300, 600, 900], n => Run($"{Repeat(n, i => Invariant($"local.get 0 if i32.const {i} local.set {2 + i} else i32.const 7 local.set {1 + n - i} end"))} {Repeat(n, i => Invariant($"local.get {2 + i} call $id drop"))}", $"(local i32) (local {Repeat(n, "i32")})")),
        ("loops with as many live locals", [50, 150, 300, 500], n => Run($"{Repeat(n, "loop")} {Repeat(n, i => Invariant($"local.get {1 + i} i32.const 1 i32.add local.set {2 + i} local.get 0 br_if 0 end"))} {Repeat(n, i => Invariant($"local.get {2 + i} call $id drop"))}", $"(local i32) (local {Repeat(n, "i32")})")),
        ("locals in use", [500, 1_500, 10_000, 49_000], n => Run(Repeat(n - 3, i => Invariant($"local.get {1 + i} i32.const 1 i32.add local.set {2 + i}")), $"(local {Repeat(n, "i32")})")),
        ("locals live across calls", [500, 1_500, 10_000, 40_000], n => Run($"{Repeat(n, i => Invariant($"i32.const {i} call $id local.set {2 + i}"))} {Repeat(n, i => Invariant($"local.get {2 + i} call $id drop"))}", $"(local i32) (local {Repeat(n, "i32")})")),
        ("references live across calls", [500, 1_500, 10_000], n => Run($"{Repeat(n, i => Invariant($"ref.func $id local.set {2 + i}"))} call $nothing {Repeat(n, i => Invariant($"local.get {2 + i} ref.is_null drop"))}", $"(local i32) (local {Repeat(n, "funcref")})")),
        ("vectors live across calls", [500, 1_500, 10_000], n => Run($"{Repeat(n, i => Invariant($"local.get 0 call $id i32x4.splat local.set {2 + i}"))} {Repeat(n, i => Invariant($"local.get {2 + i} v128.any_true call $id drop"))}", $"(local i32) (local {Repeat(n, "v128")})")),
        ("operands live", [300, 3_000, 30_000], n => Run($"{Repeat(n, "local.get 0 call $id")} {Repeat(n, "drop")}")),
        ("selects", [500, 2_000, 20_000], n => Run(Repeat(n, "local.get 0 local.get 1 local.get 0 select local.set 1"))),
        ("saturating conversions", [500, 950, 1_900], n => Run(Repeat(n, "local.get 0 f64.convert_i32_s i32.trunc_sat_f64_s local.set 1"))),
        ("divisions", [500, 950, 2_000, 20_000], n => Run(Repeat(n, "local.get 0 local.get 1 i32.div_s local.set 1"))),
        ("truncations", [300, 1_000, 20_000], n => Run(Repeat(n, "local.get 0 f64.convert_i32_s i32.trunc_f64_s local.set 0"))),
        ("casts", [300, 950, 1_000, 20_000], n => Gc(Repeat(n, "local.get 0 ref.cast (ref null $s) local.set 1"))),
        ("struct.new", [300, 950, 1_000, 20_000], n => Gc(Repeat(n, "i64.const 1 struct.new $s local.set 1"))),
        ("struct.new with 1,000 fields", [1, 10, 100], n => $"(module (type $w (struct {Repeat(1_000, "(field i64)")})) (func (export \"run\") {Repeat(n, $"{Repeat(1_000, "i64.const 1")} struct.new $w drop")}))"),
        ("struct.new with 10,000 fields", [1, 5], n => $"(module (type $w (struct {Repeat(10_000, "(field i64)")})) (func (export \"run\") {Repeat(n, $"{Repeat(10_000, "i64.const 1")} struct.new $w drop")}))"),
        ("array.new_fixed with 10,000", [1, 10, 50], n => $"(module (type $a (array i64)) (func (export \"run\") {Repeat(n, $"{Repeat(10_000, "i64.const 1")} array.new_fixed $a 10000 drop")}))"),
        ("array accesses", [300, 1_000, 20_000], n => Gc(Repeat(n, "local.get 2 local.get 3 array.get $a local.set 4 local.get 2 local.get 3 local.get 4 array.set $a"))),
        ("array indices summed through joins", [6, 12, 18, 24, 30], n => Gc($"""
            (loop $again {Repeat(n, i => Invariant($"(if (call $id (i32.const {i & 1})) (then (local.set 3 (i32.add (local.get 3) (local.get 5)))) (else (local.set 5 (i32.add (local.get 5) (local.get 3)))))"))}
              (local.set 3 (i32.and (local.get 3) (i32.const 63))) (drop (array.get $a (local.get 2) (local.get 3))) (br_if $again (i32.lt_u (local.get 3) (i32.const 10))))
            """)),
        ("array index counted through joins", [10, 14, 18, 22, 26], n => Gc($"""
            (loop $again {Repeat(n, i => Invariant($"(if (i32.and (local.get 5) (i32.const {1 << i})) (then (local.set 3 (i32.add (local.get 3) (i32.const 1)))) (else (local.set 3 (i32.add (local.get 3) (i32.const 2)))))"))}
              (local.set 4 (i32.add (local.get 4) (array.get $a (local.get 2) (local.get 3)))) (br_if $again (i32.lt_s (local.get 3) (i32.const 1000))))
            """)),
        ("array index of sums through joins", [10, 14, 18, 22, 26], n => Gc($"""
            (loop $again {Repeat(n, i => Invariant($"(if (i32.and (local.get 5) (i32.const {1 << i})) (then (local.set 3 (i32.add (local.get 3) (local.get 4)))) (else (local.set 4 (i32.add (local.get 4) (local.get 3)))))"))}
              (drop (array.get $a (local.get 2) (local.get 3))) (br_if $again (i32.lt_s (local.get 3) (i32.const 1000))))
            """)),
        ("array accesses in nested loops", [3, 10, 30, 100, 300], n => Gc($"{Repeat(n, i => Invariant($"(loop (local.set {6 + i} (i32.const 0))"))} {Repeat(n, i => Invariant($"(array.set $a (local.get 2) (local.get {6 + i}) (i32.add (local.get 4) (array.get $a (local.get 2) (local.get {6 + i})))) (br_if 0 (i32.lt_s (local.tee {6 + i} (i32.add (local.get {6 + i}) (i32.const 1))) (array.len (local.get 2)))))"))}", n)),
        ("ifs in a row on one local", [100, 300, 700], n => Run(Repeat(n, i => Invariant($"(if (i32.gt_s (local.get 0) (i32.const {i * 2})) (then (local.set 1 (i32.add (local.get 1) (local.get 0)))) (else (local.set 1 (i32.sub (local.get 1) (i32.const {i})))))")))),
        ("ifs in a row in a loop on one local", [100, 300, 700], n => Run($"loop {Repeat(n, i => Invariant($"(if (i32.gt_s (local.get 0) (i32.const {i * 2})) (then (local.set 1 (i32.add (local.get 1) (local.get 0)))) (else (local.set 1 (i32.sub (local.get 1) (i32.const {i})))))"))} local.get 1 br_if 0 end")),
        ("ifs in a row that set what the next asks", [100, 300, 700], n => Run($"loop {Repeat(n, i => Invariant($"(if (local.get 0) (then (local.set 0 (i32.const 0)) (local.set 1 (i32.add (local.get 1) (i32.const {i})))) (else (local.set 0 (i32.const 1))))"))} local.get 1 br_if 0 end")),
        ("memory accesses in nested loops", [10, 30, 100, 300], n => Run($"{Repeat(n, "loop")} {Repeat(n, i => Invariant($"(i32.store offset={i * 8} (local.get 0) (i32.add (i32.load offset={i * 8} (local.get 0)) (i32.load16_u offset={i * 4} (local.get 1)))) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))) end"))}")),
        ("divisions of one another", [500, 950, 1_500, 2_500], n => Run(Repeat(n, "(local.set 0 (i32.div_u (local.get 1) (local.get 0))) "))),
        ("calls with 1,000 parameters and results", [5, 50, 150, 500], n => $"""
            (module (func $f (param {Repeat(1_000, "i64")}) (result {Repeat(1_000, "i64")}) {Repeat(1_000, i => Invariant($"local.get {999 - i}"))})
              (func (export "run") {Repeat(1_000, "i64.const 1")} {Repeat(n, "call $f")} {Repeat(1_000, "drop")}))
            """),
        ("calls with 1,000 constants", [5, 50, 500], n => $"(module (func $f (param {Repeat(1_000, "i64")})) (func (export \"run\") {Repeat(n, $"{Repeat(1_000, "i64.const 1")} call $f")}))"),
        ("calls with 1,000 locals", [5, 50, 500], n => $"(module (func $f (param {Repeat(1_000, "i64")})) (func (export \"run\") (param {Repeat(1_000, "i64")}) {Repeat(n, $"{Repeat(1_000, i => Invariant($"local.get {i}"))} call $f")}))"),
        ("calls with 1,000 sums", [5, 50, 500], n => $"(module (func $f (param {Repeat(1_000, "i64")})) (func (export \"run\") (param {Repeat(1_000, "i64")}) {Repeat(n, $"{Repeat(1_000, i => Invariant($"local.get {i} i64.const 1 i64.add"))} call $f")}))"),
        ("indirect calls with 1,000 locals", [5, 50, 500], n => $"(module (type $t (func (param {Repeat(1_000, "i64")}))) (table 1 funcref) (func (export \"run\") (param {Repeat(1_000, "i64")}) {Repeat(n, $"{Repeat(1_000, i => Invariant($"local.get {i}"))} i32.const 0 call_indirect (type $t)")}))"),
        ("tail calls with 1,000 locals", [5, 50, 500], n => $"(module (func $f (param {Repeat(1_000, "i64")})) (func (export \"run\") (param {Repeat(1_000, "i64")}) {Repeat(n, $"local.get 0 i32.wrap_i64 if {Repeat(1_000, i => Invariant($"local.get {i}"))} return_call $f end")}))"),
        ("array indices from flattened control flow", [12, 24, 48, 100], n => Gc($"""
            (loop $dispatch {Repeat(n, "block")} (br_table {Repeat(n, i => Invariant($"{i}"))} (call $id (local.get 3)))
              {Repeat(n, i => Invariant($"end (local.set {6 + i} (i32.add (local.get {6 + ((i * 5 + 1) % n)}) (local.get {6 + ((i * 7 + 2) % n)}))) (if (i32.lt_u (local.get {6 + i}) (i32.const 64)) (then (drop (array.get $a (local.get 2) (local.get {6 + i}))))) (local.set 3 (local.get {6 + i})) (br_if $dispatch (local.get 5))"))})
            """, n)),
        ("handlers in a row", [100, 300, 1_000, 3_000, 9_000], n => Throwing(Repeat(n, "block try_table (catch $t 0) call $f end end"))),
        ("handlers nested", [10, 30, 100, 300, 900], n => Throwing($"{Repeat(n, "block try_table (catch $t 0)")} call $f {Repeat(n, "end end")}")),
        ("handlers nested, with calls", [10, 30, 100, 300, 900], n => Throwing($"{Repeat(n, "block try_table (catch $t 0) call $f")} {Repeat(n, "end call $f end")}")),
        ("handlers nested by 30", [10, 30, 100, 300], n => Throwing(Repeat(n, $"{Repeat(30, "block try_table (catch $t 0)")} call $f {Repeat(30, "end end")}"))),
        ("handlers with live locals", [30, 100, 300, 900], n => Throwing(Repeat(n, i => Invariant($"i32.const {i} call $id local.set {i} block try_table (catch $t 0) call $f local.get {i} drop end end")) + Repeat(n, i => Invariant($"local.get {i} call $id drop")), $"(local {Repeat(900, "i32")})")),
        ("handlers in loops", [30, 100, 300, 900], n => Throwing(Repeat(n, "loop block try_table (catch $t 0) call $f end end i32.const 0 call $id br_if 0 end"))),
        ("clauses", [100, 1_000, 10_000], n => Throwing($"block try_table {Repeat(n, "(catch $t 0)")} call $f end end")),
        ("legacy handlers in a row", [100, 1_000, 9_000], n => Throwing(Repeat(n, "try call $f catch $t end"))),
        ("legacy handlers nested", [30, 100, 300, 900], n => Throwing($"{Repeat(n, "try")} call $f {Repeat(n, "catch $t end")}")),
        ("legacy handlers nested in handlers", [30, 100, 300, 900], n => Throwing($"{Repeat(n, "try call $f catch $t")} call $f {Repeat(n, "end")}")),
    ];

    private static string Run(string instructions, string locals = "(local i32)") =>
        $"""(module (type $t (func (param i32) (result i32))) (table 1 funcref) (memory 1) {Id} (func $nothing) (elem declare func $id) (func (export "run") (param i32) {locals} {instructions}))""";

    private static string Throwing(string instructions, string locals = "") =>
        $"""(module (tag $t) {Id} (func $f) (func (export "run") {locals} {instructions}))""";

    private static string Gc(string instructions, int more = 0) =>
        $"""(module (type $s (sub (struct (field i64)))) (type $a (array (mut i32))) {Id} (func (export "run") (param anyref) (local (ref null $s) (ref null $a) i32 i32 i32) (local {Repeat(more, "i32")}) {instructions}))""";

    private static string Wide(int parameters, int calls, string type = "i64") =>
        $"(module (func $f (param {Repeat(parameters, type)})) (func (export \"run\") (param {type}) {Repeat(calls, $"{Repeat(parameters, "local.get 0")} call $f")}))";

    private static string Balanced(int depth) => depth == 0 ? "local.get 0 " : $"{Balanced(depth - 1)}{Balanced(depth - 1)}i32.add ";
}
