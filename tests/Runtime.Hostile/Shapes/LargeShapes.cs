using static HostService.Runtime.Hostile.Scenario;
using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>As large or as deep as the limits allow, and one more.</summary>
internal static class LargeShapes
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("expression nested 100,000 deep to the left", Returns, () => Run(
            $"i32.const 7 call $id local.set 0 local.get 0 {Repeat(50_000, "local.get 0 i32.xor i32.const 3 i32.mul")} drop", "(local i32)")),
        new("expression of loads nested 100,000 deep", Returns, () => Run($"i32.const 0 {Repeat(100_000, "i32.load")} drop")),
        new("expression of calls nested 100,000 deep", Exhausts, () => Run($"i32.const 0 {Repeat(100_000, "call $id")} drop")),
        new("operand stack of 100,000 locals", Returns, () => Run($"{Repeat(100_000, "local.get 0")} {Repeat(99_999, "i32.add")} drop", "(local i32)")),
        new("operand stack of 30,000 results", Returns, () => Run($"{Repeat(30_000, "i32.const 1 call $id")} {Repeat(29_999, "i32.add")} drop")),
        new("operand stack of 100,000 results", "refused", () => Run($"{Repeat(100_000, "i32.const 1 call $id")} {Repeat(99_999, "i32.add")} drop")),
        new("50,000 locals", Returns, () => Run(Repeat(50_000, i => Invariant($"local.get {i} i64.const 1 i64.add local.set {(i + 1) % 50_000}")), $"(local {Repeat(50_000, "i64")})")),
        new("50,001 locals", IsRefused, () => Run("nop", $"(local {Repeat(50_001, "i64")})")),
        new("50,000 vectors as locals", Exhausts, () => Run(Repeat(20_000, i => Invariant($"local.get {i} local.get {i + 1} v128.xor local.set {i + 2}")), $"(local {Repeat(50_000, "v128")})")),
        new("50,000 locals with recursion", Exhausts, () => Run(
            $"{Repeat(50_000, i => Invariant($"i64.const {i} call $id64 local.set {i}"))} call $run {Repeat(50_000, i => Invariant($"local.get {i} call $id64 drop"))}", $"(local {Repeat(50_000, "i64")})")),
        new("100,000 blocks inside one another", Returns, () => Run($"{Repeat(100_000, "block")} br 99999 {Repeat(100_000, "end")}")),
        new("100,000 blocks inside one another, each left", Exhausts, () => Run(
            $"{Repeat(100_000, "block")} {Repeat(100_000, "i32.const 0 call $id br_if 0 end")}")),
        new("100,000 blocks in a row, each left", Exhausts, () => Run(Repeat(100_000, "block i32.const 0 call $id br_if 0 end"))),
        new("100,000 ifs in a row", Returns, () => Run(Repeat(100_000, "local.get 0 if i32.const 1 local.set 0 else i32.const 2 local.set 0 end"), "(local i32)")),
        new("10,000 loops inside one another", Returns, () => Run($"{Repeat(10_000, "loop")} i32.const 0 call $id br_if 0 {Repeat(10_000, "end")}")),
        new("10,000 loops in a row", Returns, () => Run(Repeat(10_000, "loop local.get 0 br_if 0 end"), "(local i32)")),

        // RyuJIT needs a minute and more without optimising: quadratic in the number of loops.
        new("100,000 loops in a row", IsTooMuchToCompile, () => Run(Repeat(100_000, "loop local.get 0 br_if 0 end"), "(local i32)")),
        new("br_table with 65,520 labels", Returns, () => Run(
            $"{Repeat(65_519, "block")} i32.const 5 call $id br_table {Repeat(65_520, i => Invariant($"{i}"))} {Repeat(65_519, "end nop")}")),
        new("br_table with 1,000,000 labels", IsRefused, () => Bytes.OneFunction([0, 0x41, 0, 0x0E, .. Bytes.Leb(1_000_000), .. new byte[1_000_001], 0x0B])),
        new("100 br_tables of 10,000 labels", Returns, () => Run(
            $"{Repeat(9_999, "block")} {Repeat(100, i => $"i32.const 5 call $id if i32.const 5 br_table {Repeat(9_999, j => Invariant($"{j}"))} end")} {Repeat(9_999, "end")}")),
        new("1,000,000 functions", Returns, () => Functions(1_000_000)),
        new("1,000,001 functions", IsRefused, () => Functions(1_000_001)),
        new("1,000,000 types", Returns, () => Types(1_000_000)),
        new("1,000,001 types", IsRefused, () => Types(1_000_001)),
        new("recursive group of 1,000,000 structures", Returns, () => Bytes.Module(
            Bytes.Section(1, [1, 0x4E, .. Bytes.Vector([.. Enumerable.Repeat<byte[]>([0x5F, 0], 1_000_000)])]))),
        new("structure with 10,000 fields", Returns, () => $$"""
            (module (type $s (struct {{Repeat(10_000, "(field (mut i64))")}}))
              (func (export "run") (drop (struct.get $s 9999 (struct.new_default $s)))))
            """),
        new("structures that extend each other 63 times", Returns, () => $"""
            (module {Repeat(64, i => Invariant($"(type $s{i} (sub {(i > 0 ? Invariant($"$s{i - 1}") : "")} (struct {Repeat(i, "(field (mut i64))")})))"))}
              (func (export "run") (drop (ref.cast (ref $s63) (struct.new_default $s63)))))
            """),
        new("function of 7 MB without control", Returns, () => Bytes.OneFunction(
            [1, 1, 0x7E, .. Bytes.Repeat(1_200_000, 0x20, 0, 0x50, 0x1A, 0x01, 0x01), 0x0B])),
        new("function of 7 MB of arithmetic", Returns, () => Bytes.OneFunction(
            [1, 4, 0x7E, .. Bytes.Repeat(590_000, 0x20, 0, 0x20, 1, 0x7C, 0x20, 2, 0x7E, 0x21, 3, 0x01), 0x0B])),
        // With the stores, 4 million IL instructions: RyuJIT takes gigabytes, with explicit checks 5.3.
        new("function of 7 MB of stores", IsTooMuchToCompile, () => Bytes.Module(
            Bytes.EmptyFuncType, Bytes.Section(3, 1, 0), Bytes.Section(5, 1, 0, 1), Bytes.ExportRun(0), Body([0, .. Bytes.Repeat(1_000_000, 0x41, 8, 0x41, 1, 0x36, 2, 0), 0x0B]))),
        new("function larger than 7.6 MB", IsRefused, () => Bytes.OneFunction([0, .. Bytes.Repeat(7_654_400, 0x01), 0x0B])),
        new("1,000 parameters and results", Returns, () => $"""
            (module (func $f (param {Repeat(1_000, "i64")}) (result {Repeat(1_000, "i64")}) {Repeat(1_000, i => Invariant($"local.get {999 - i}"))})
              (func (export "run") {Repeat(1_000, "i64.const 1")} {Repeat(50, "call $f")} {Repeat(1_000, "drop")}))
            """),
    ];

    private static string Run(string instructions, string locals = "") =>
        $"""(module (memory 1) (func $id (param i32) (result i32) local.get 0) (func $id64 (param i64) (result i64) local.get 0) (func $run (export "run") {locals} {instructions}))""";

    private static byte[] Functions(int count) => Bytes.Module(
        Bytes.EmptyFuncType, Bytes.Section(3, [.. Bytes.Leb(count), .. new byte[count]]), Bytes.ExportRun(count - 1),
        Bytes.Section(10, [.. Bytes.Leb(count), .. Bytes.Repeat(count, 2, 0, 0x0B)]));

    private static byte[] Types(int count) => Bytes.Module(Bytes.Section(1, [.. Bytes.Leb(count), .. Bytes.Repeat(count, 0x5F, 0)]));

    private static byte[] Body(byte[] body) => Bytes.Section(10, [1, .. Bytes.Leb(body.Length), .. body]);
}
