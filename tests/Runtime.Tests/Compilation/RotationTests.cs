using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>
/// RyuJIT omits the test for zero that follows a rotation, as if a rotation set the zero flag. Each function here compares one right after it is made, in a shape in which the flags before it say
/// something else.
/// </summary>
public class RotationTests
{
    /// <summary>How a rotation of parameter 0 by 5 may be written, in 32 and in 64 bits.</summary>
    public static TheoryData<string, string> Rotations => new()
    {
        { "i32", "(i32.rotl (local.get 0) (i32.const 5))" },
        { "i32", "(i32.rotr (local.get 0) (i32.const 27))" },
        { "i32", "(i32.or (i32.shl (local.get 0) (i32.const 5)) (i32.shr_u (local.get 0) (i32.const 27)))" },
        { "i32", "(i32.xor (i32.shr_u (local.get 0) (i32.const 27)) (i32.shl (local.get 0) (i32.const 5)))" },
        { "i32", "(i32.or (i32.shl (local.get 0) (local.get 1)) (i32.shr_u (local.get 0) (i32.sub (i32.const 32) (local.get 1))))" },
        { "i32", "(i32.add (i32.rotl (local.get 0) (i32.const 5)) (local.get 2))" },
        { "i64", "(i64.rotl (local.get 0) (i64.const 5))" },
        { "i64", "(i64.rotr (local.get 0) (i64.const 59))" },
        { "i64", "(i64.or (i64.shl (local.get 0) (i64.const 5)) (i64.shr_u (local.get 0) (i64.const 59)))" },
        { "i64", "(i64.xor (i64.rotl (local.get 0) (i64.const 5)) (local.get 2))" },
    };

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Rotation_IsTestedByItsOwnValue(string type, string rotation)
    {
        // Local 1 is 5 and local 2 is 0, and RyuJIT finds out that they are.
        var isZero = $"({type}.eqz (local.tee 3 {rotation}))";
        var setUp = $"(local.set 1 ({type}.const 5)) (local.set 2 ({type}.const 0))";
        var locals = $"(local {type} {type} {type})";
        using var guest = new Guest($"""
            (module
              (func (export "eqz") (param {type}) (result i32) {locals} {setUp} {isZero})
              (func (export "ne") (param {type}) (result i32) {locals} {setUp} (i32.eqz ({type}.ne {rotation} (local.get 2))))
              (func (export "eq_after_sum") (param {type}) (result i32) {locals} {setUp}
                ({type}.eq ({type}.add {rotation} ({type}.const 9)) ({type}.const 9)))
              (func (export "lt_u") (param {type}) (result i32) {locals} {setUp} ({type}.lt_u {rotation} ({type}.const 1)))
              (func (export "if") (param {type}) (result i32) {locals} {setUp} (if (result i32) {isZero} (then (i32.const 1)) (else (i32.const 0))))
              (func (export "br_if") (param {type}) (result i32) {locals} {setUp} (block (br_if 0 {isZero}) (return (i32.const 0))) (i32.const 1))
              (func (export "select") (param {type}) (result i32) {locals} {setUp} (select (i32.const 1) (i32.const 0) {isZero}))
              (func (export "select_in_loop") (param {type}) (result i32) (local {type} {type} {type} i32 i32) {setUp}
                (loop $again
                  (local.set 5 (select (i32.const 1) (local.get 5) {isZero}))
                  (local.set 4 (i32.add (local.get 4) (i32.const 1)))
                  (br_if $again (i32.lt_s (local.get 4) (i32.const 3))))
                (local.get 5)))
            """, BoundsChecks.Automatic);

        foreach (var function in new[] { "eqz", "ne", "eq_after_sum", "lt_u", "if", "br_if", "select", "select_in_loop" })
        {
            foreach (var value in new[] { 0L, 1L, -1L, 0x0800_0000L })
            {
                var argument = type == "i32" ? Value.FromI32((int)value) : Value.FromI64(value);

                Assert.True((value == 0 ? 1 : 0) == guest.Call(function, argument)[0].I32, $"{function}({value}) of {rotation}");
            }
        }
    }

    [Theory]
    [InlineData("(i32.rotl (local.get 0) (i32.const 5))")]
    [InlineData("(i32.or (i32.shl (local.get 0) (i32.const 5)) (i32.shr_u (local.get 0) (i32.const 27)))")]
    public void Rotation_OnlyConditionOrDivisor_IsTestedByItsOwnValue(string rotation)
    {
        using var guest = new Guest($"""
            (module
              (type $one (array (mut i32)))
              (func (export "condition") (param i32) (result i32) (if (result i32) {rotation} (then (i32.const 0)) (else (i32.const 1))))
              (func (export "branch") (param i32) (result i32) (block (br_if 0 {rotation}) (return (i32.const 1))) (i32.const 0))
              (func (export "select") (param i32) (result i32) (select (i32.const 0) (i32.const 1) {rotation}))
              (func (export "table") (param i32) (result i32) (block (block (br_table 0 1 {rotation})) (return (i32.const 1))) (i32.const 0))
              (func (export "divides") (param i32) (result i32) (i32.div_u (i32.const 100) {rotation}))
              (func (export "index") (param i32) (result i32) (array.get $one (array.new $one (i32.const 7) (i32.const 1)) {rotation})))
            """, BoundsChecks.Automatic);

        foreach (var function in new[] { "condition", "branch", "select", "table" })
        {
            Assert.Equal((1, 0), (guest.Call(function, 0)[0].I32, guest.Call(function, 1)[0].I32));
        }

        Assert.Equal(TrapCode.IntegerDivideByZero, Assert.Throws<TrapException>(() => guest.Call("divides", 0)).Code);
        Assert.Equal(3, guest.Call("divides", 1)[0].I32);
        Assert.Equal(7, guest.Call("index", 0)[0].I32);
        Assert.Equal(TrapCode.OutOfBoundsArrayAccess, Assert.Throws<TrapException>(() => guest.Call("index", 1)).Code);
    }

    // What is guarded is the index; the value beside it may be a read of a local that was not emitted yet, and is to stay known as one.
    [Theory]
    [InlineData("(array.set $floats (local.get 2) (i32.const 0) (local.get 1))")]
    [InlineData("(array.set $arrays (array.new_default $arrays (i32.const 1)) (i32.const 0) (local.get 2))")]
    [InlineData("(table.set 0 (i32.const 0) (local.get 2))")]
    public void Rotation_BesideAValueThatIsSetByItsIndex_LeavesReadsOfLaterLocalsBeforeTheirLoops(string set)
    {
        using var guest = new Guest($"""
            (module
              (type $floats (array (mut f32))) (type $arrays (array (mut (ref null $floats)))) (table 1 (ref null $floats)) (global $turns (mut i32) (i32.const 3))
              (func (export "run") (param $x i32) (result i32) (local f32 (ref null $floats))
                (local.set 2 (array.new_default $floats (i32.const 1)))
                (drop (i32.rotl (local.get $x) (i32.const 5)))
                {set}
                (local.get $x)
                (loop $again
                  (local.set $x (i32.const 77))
                  (global.set $turns (i32.sub (global.get $turns) (i32.const 1)))
                  (br_if $again (global.get $turns)))))
            """, BoundsChecks.Automatic);

        Assert.Equal(5, guest.Call("run", 5)[0].I32);
    }
}
