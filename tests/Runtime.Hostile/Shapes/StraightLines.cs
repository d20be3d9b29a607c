using static HostService.Runtime.Hostile.Scenario;
using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>No loop at all, but a long line of what takes long: it ends by itself only after minutes or hours.</summary>
internal static class StraightLines
{
    private const int Times = 100_000;
    private const int LongTimes = 10_000;
    private const string Types = "(type $a (array (mut i64))) (type $r (array (mut anyref)))";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Line("calls of a long leaf", "call $leaf", $"(func $leaf (local i64) {Repeat(50_000, "(local.set 0 (i64.div_u (i64.const 7) (i64.add (local.get 0) (i64.const 1))))")})"),
        Line("calls of a long leaf that calls nothing", "call $leaf", $"(func $leaf (local i64) {Repeat(100_000, "(local.set 0 (i64.mul (i64.xor (local.get 0) (i64.const 77)) (i64.const 13)))")})"),
        Line("memory.fill of 16 MiB", "(memory.fill (i32.const 0) (i32.const 1) (i32.const 0x1000000))", "(memory 256)"),
        Line("memory.copy of 16 MiB", "(memory.copy (i32.const 0) (i32.const 1) (i32.const 0xFFFFFF))", "(memory 256)"),
        Line("table.fill of 1,000,000", "(table.fill $x (i32.const 0) (ref.func $run) (i32.const 1000000))", "(table $x 1000000 funcref)"),
        Line("table.copy of 1,000,000", "(table.copy $x $x (i32.const 0) (i32.const 1) (i32.const 999999))", "(table $x 1000000 funcref)"),
        Line("table.grow by 1", "(drop (table.grow $x (ref.func $run) (i32.const 1)))", "(table $x 1000000 funcref)"),
        Line("array.fill of 1,000,000", "(array.fill $a (global.get $g) (i32.const 0) (i64.const 1) (i32.const 1000000))", "(global $g (ref $a) (array.new_default $a (i32.const 1000000)))"),
        Line("array.copy of 1,000,000", "(array.copy $a $a (global.get $g) (i32.const 0) (global.get $g) (i32.const 1) (i32.const 999999))", "(global $g (ref $a) (array.new_default $a (i32.const 1000000)))"),
        Line("array.new of 1,000,000", "(drop (array.new $a (i64.const 1) (i32.const 1000000)))", ""),
    ];

    /// <summary>Many times what is quick: RyuJIT may keep a place in the frame for each, and the frame must not be larger than what is left of the stack.</summary>
    public static IReadOnlyList<Scenario> Frames { get; } =
    [
        Frame("call_indirect", "(drop (call_indirect $x (type $f) (i32.const 1) (i32.const 0)))"),
        Frame("call_ref", "(drop (call_ref $f (i32.const 1) (ref.func $g)))"),
        Frame("call of a host function", "(call $nothing)"),
        Frame("call of calls", "(drop (call $two (call $g (i32.const 1)) (call $g (i32.const 2))))"),
        Frame("table.get and table.set", "(table.set $x (i32.const 0) (table.get $x (i32.const 0)))"),
        Frame("ref.cast", "(drop (ref.cast (ref null $s) (global.get $any)))"),
        Frame("array.new_fixed", "(drop (array.new_fixed $a 2 (i64.const 1) (i64.const 2)))"),
        Frame("array.new", "(drop (array.new $a (i64.const 2) (i32.const 1)))"),
        Frame("struct.new", "(drop (struct.new $s (i64.const 1)))"),
        Frame("select of calls", "(drop (select (call $g (i32.const 1)) (call $g (i32.const 2)) (call $g (i32.const 0))))"),
        Frame("division", "(drop (i32.div_s (call $g (i32.const 1)) (call $g (i32.const 2))))"),
        Frame("f32.min of calls", "(drop (f32.min (f32.convert_i32_s (call $g (i32.const 1))) (f32.convert_i32_s (call $g (i32.const 2)))))"),
        Frame("i8x16.swizzle", "(drop (i8x16.swizzle (i8x16.splat (call $g (i32.const 1))) (i8x16.splat (call $g (i32.const 1)))))"),
        Frame("load of a call", "(i32.store (call $g (i32.const 8)) (i32.load (call $g (i32.const 16))))"),
        Frame("memory.fill of nothing", "(memory.fill (call $g (i32.const 8)) (i32.const 16) (call $g (i32.const 0)))"),
        Frame("any.convert_extern", "(drop (any.convert_extern (ref.null extern)))"),
    ];

    private static Scenario Frame(string name, string instruction) => new($"frame: {Times:N0} × {name}", Exhausts, () => $"""
        (module (type $f (func (param i32) (result i32))) (type $s (sub (struct (field i64)))) (type $a (array (mut i64)))
          (import "host" "nothing" (func $nothing)) (memory 1) (table $x funcref (elem $g)) (global $any anyref (ref.null any))
          (func $g (type $f) (i32.add (local.get 0) (i32.const 0))) (func $two (param i32 i32) (result i32) local.get 0)
          (func (export "run") {Repeat(Times, instruction)}))
        """)
    {
        // Most would be refused. Here it counts that one that isn't is never entered, nor compiled, without the stack that it needs.
        IsTried = false,
    };

    private static Scenario Line(string name, string instruction, string declarations) => new($"{LongTimes:N0} × {name}", IsInterrupted, () =>
        $"""(module {Types} {declarations} (elem declare func $run) (func $run (export "run") {Repeat(LongTimes, instruction)}))""")
    {
        IsEndless = true,
        MaxMegabytes = 3_072,
    };
}
