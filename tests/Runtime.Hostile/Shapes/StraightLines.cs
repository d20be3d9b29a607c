using static HostService.Runtime.Hostile.Scenario;
using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>No loop at all, but a long line of what takes long: it ends by itself only after minutes or hours.</summary>
internal static class StraightLines
{
    private const int Times = 100_000;
    private const string Types = "(type $a (array (mut i64))) (type $r (array (mut anyref)))";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Line("calls of a long leaf", "call $leaf", $"(func $leaf (local i64) {Repeat(50_000, "(local.set 0 (i64.div_u (i64.const 7) (i64.add (local.get 0) (i64.const 1))))")})"),
        Line("memory.fill of 1 MiB", "(memory.fill (i32.const 0) (i32.const 1) (i32.const 0x100000))", "(memory 16)"),
        Line("memory.copy of 1 MiB", "(memory.copy (i32.const 0) (i32.const 1) (i32.const 0xFFFFF))", "(memory 16)"),
        Line("table.fill of 1,000,000", "(table.fill $x (i32.const 0) (ref.func $run) (i32.const 1000000))", "(table $x 1000000 funcref)"),
        Line("table.copy of 1,000,000", "(table.copy $x $x (i32.const 0) (i32.const 1) (i32.const 999999))", "(table $x 1000000 funcref)"),
        Line("table.grow by 1", "(drop (table.grow $x (ref.func $run) (i32.const 1)))", "(table $x 1000000 funcref)"),
        Line("array.fill of 1,000,000", "(array.fill $a (global.get $g) (i32.const 0) (i64.const 1) (i32.const 1000000))", "(global $g (ref $a) (array.new_default $a (i32.const 1000000)))"),
        Line("array.copy of 1,000,000", "(array.copy $a $a (global.get $g) (i32.const 0) (global.get $g) (i32.const 1) (i32.const 999999))", "(global $g (ref $a) (array.new_default $a (i32.const 1000000)))"),
        Line("array.new of 1,000,000", "(drop (array.new $a (i64.const 1) (i32.const 1000000)))", ""),
    ];

    private static Scenario Line(string name, string instruction, string declarations) => new($"{Times:N0} × {name}", IsInterrupted, () =>
        $"""(module {Types} {declarations} (elem declare func $run) (func $run (export "run") {Repeat(Times, instruction)}))""")
    {
        IsEndless = true,
        MaxMegabytes = 3_072,
    };
}
