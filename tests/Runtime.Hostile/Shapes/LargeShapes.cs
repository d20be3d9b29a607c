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
        new("30,000 reads of locals that wait below 700,000 constants until their locals are set", Returns, () => WaitingReads(30_000, 700_000)),
        new("50,000 locals in each of 3,000 functions", IsRefused, () => Many(3_000, [1, .. Bytes.Leb(50_000), 0x7F, 0x0B])),
        new("loops with much to save among 50,000 locals in each of 20 functions", Returns, () => Many(20, [
            1, .. Bytes.Leb(50_000), 0x7F,
            .. Locals(70, local => [0x20, .. Bytes.Leb(49_930 + local), 0x1A]),
            .. Bytes.Repeat(5_000, 0x03, 0x40, 0x0B),
            .. Locals(70, local => [0x20, .. Bytes.Leb(49_930 + local), 0x1A]),
            0x0B])),
        new("100,000 loops over 20,000 results", Returns, () => Bytes.Module(
            Bytes.Section(1, 2, 0x60, 0, 0, 0x60, 0, 1, 0x7F), Bytes.Section(3, 2, 0, 1), Bytes.ExportRun(0),
            Bytes.Section(10, Bytes.Vector([
                Body([0, .. Bytes.Repeat(20_000, 0x10, 1), .. Bytes.Repeat(20_000, 0x03, 0x40, 0x0B), .. Bytes.Repeat(20_000, 0x1A), 0x0B]), Body([0, 0x41, 1, 0x0B])])))),
        new("5,000 hot loops, each a function", Returns, () => HotLoops(5_000, types: 1)) { Code = GuestCode.HandedOver, MaxMegabytes = 256 },
        new("200 hot loops in a module with 1,000,000 types", Returns, () => HotLoops(200, types: 1_000_000)) { Code = GuestCode.HandedOver },
        .. OverConstants(),
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
            Bytes.EmptyFuncType, Bytes.Section(3, 1, 0), Bytes.Section(5, 1, 0, 1), Bytes.ExportRun(0),
            Bytes.Section(10, Bytes.Vector([Body([0, .. Bytes.Repeat(1_000_000, 0x41, 8, 0x41, 1, 0x36, 2, 0), 0x0B])])))),
        new("function larger than 7.6 MB", IsRefused, () => Bytes.OneFunction([0, .. Bytes.Repeat(7_654_400, 0x01), 0x0B])),
        new("1,000 parameters and results", Returns, () => $"""
            (module (func $f (param {Repeat(1_000, "i64")}) (result {Repeat(1_000, "i64")}) {Repeat(1_000, i => Invariant($"local.get {999 - i}"))})
              (func (export "run") {Repeat(1_000, "i64.const 1")} {Repeat(50, "call $f")} {Repeat(1_000, "drop")}))
            """),
    ];

    private static string Run(string instructions, string locals = "") =>
        $"""(module (memory 1) (func $id (param i32) (result i32) local.get 0) (func $id64 (param i64) (result i64) local.get 0) (func $run (export "run") {locals} {instructions}))""";

    // What is done over and over while a million operands wait below must not look at them each time.
    private static IEnumerable<Scenario> OverConstants() => new (string What, byte[] Instructions)[]
    {
        ("blocks", [0x02, 0x40, 0x0B]),
        ("loops", [0x03, 0x40, 0x41, 0, 0x0D, 0, 0x0B]),
        ("conditions", [0x20, 0, 0x04, 0x40, 0x0B]),
        ("branches", [0x02, 0x40, 0x20, 0, 0x0D, 0, 0x0B]),
        ("jump tables", [0x02, 0x40, 0x20, 0, 0x0E, 1, 0, 0, 0x0B]),
        ("handlers", [0x1F, 0x40, 0, 0x0B]),
        ("calls", [0x10, 1]),
        ("reads and writes of a local", [0x20, 0, 0x20, 0, 0x41, 1, 0x6A, 0x21, 0, 0x1A]),
        ("stores", [0x20, 0, 0x20, 0, 0x36, 2, 0]),
    }.Select(shape => new Scenario($"{shape.What} over 1,000,000 constants", Returns, () => Bytes.Module(
        Bytes.EmptyFuncType, Bytes.Section(3, 2, 0, 0), Bytes.Section(5, 1, 0, 1), Bytes.ExportRun(0),
        Bytes.Section(10, Bytes.Vector([Body([1, 1, 0x7F, .. Bytes.Repeat(1_000_000, 0x41, 1), .. Bytes.Repeat(10_000, shape.Instructions), .. Bytes.Repeat(1_000_000, 0x1A), 0x0B]), [2, 0, 0x0B]])))));

    private static byte[] WaitingReads(int locals, int constants) => Bytes.OneFunction([
        1, .. Bytes.Leb(locals), 0x7F,
        .. Locals(locals, local => [0x20, .. Bytes.Leb(local)]),
        .. Bytes.Repeat(constants, 0x41, 1),
        .. Locals(locals, local => [0x41, 2, 0x21, .. Bytes.Leb(local)]),
        .. Bytes.Repeat(constants + locals, 0x1A),
        0x0B]);

    private static IEnumerable<byte> Locals(int count, Func<int, byte[]> instructions) => Enumerable.Range(0, count).SelectMany(instructions);

    private static byte[] Many(int count, byte[] body) => Bytes.Module(
        Bytes.EmptyFuncType, Bytes.Section(3, [.. Bytes.Leb(count), .. new byte[count]]), Bytes.ExportRun(0),
        Bytes.Section(10, [.. Bytes.Leb(count), .. Bytes.Repeat(count, Body(body))]));

    // The last function calls the others, each of which goes round ten times.
    private static byte[] HotLoops(int count, int types) => Bytes.Module(
        Bytes.Section(1, [.. Bytes.Leb(types), .. Bytes.Repeat(types, 0x60, 0, 0)]), Bytes.Section(3, [.. Bytes.Leb(count + 1), .. new byte[count + 1]]), Bytes.ExportRun(count),
        Bytes.Section(10, [
            .. Bytes.Leb(count + 1), .. Bytes.Repeat(count, Body([1, 1, 0x7F, 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6A, 0x22, 0, 0x41, 10, 0x48, 0x0D, 0, 0x0B, 0x0B])),
            .. Body([0, .. Locals(count, function => [0x10, .. Bytes.Leb(function)]), 0x0B])]));

    private static byte[] Functions(int count) => Bytes.Module(
        Bytes.EmptyFuncType, Bytes.Section(3, [.. Bytes.Leb(count), .. new byte[count]]), Bytes.ExportRun(count - 1),
        Bytes.Section(10, [.. Bytes.Leb(count), .. Bytes.Repeat(count, 2, 0, 0x0B)]));

    private static byte[] Types(int count) => Bytes.Module(Bytes.Section(1, [.. Bytes.Leb(count), .. Bytes.Repeat(count, 0x5F, 0)]));

    private static byte[] Body(byte[] body) => [.. Bytes.Leb(body.Length), .. body];
}
