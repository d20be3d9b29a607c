using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Calls;
using HostService.Runtime.Interpretation;
using Xunit;

namespace HostService.Runtime.Tests.Interpretation;

/// <summary>What is special about interpreted functions; what they compute is the conformance suite's and the differential test's business.</summary>
public sealed unsafe class InterpreterTests
{
    [Fact]
    public void Function_OfNumbers_IsInterpretedAndItsNeighbourWithVectorsIsNot()
    {
        using var guest = new InterpretedGuest("""
            (module
              (func (export "numbers") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
              (func (export "vectors") (param i32) (result i32) (i32x4.extract_lane 2 (i32x4.splat (local.get 0)))))
            """);

        Assert.Equal(15, guest.Call("numbers", 5)[0].I32);
        Assert.Equal(7, guest.Call("vectors", 7)[0].I32);
        Assert.Equal([FunctionMode.Interpreted, FunctionMode.Compiled], guest.Modes);
    }

    [Fact]
    public void Calls_BetweenInterpretedAndCompiledFunctions_PassEveryKindOfNumberAndAllResults()
    {
        // $mixed is compiled because of its vector; so is what calls it only in that it is reached by a trampoline.
        using var guest = new InterpretedGuest("""
            (module
              (func $mixed (param i32 i64 f32 f64) (result f64 f32 i64 i32)
                (drop (v128.const i64x2 0 0))
                (local.get 3) (local.get 2) (local.get 1) (call $negate (local.get 0)))
              (func $negate (param i32) (result i32) (i32.sub (i32.const 0) (local.get 0)))
              (func (export "run") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
                (call $mixed (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
            """);

        var results = guest.Call("run", -5, long.MinValue, 1.5f, -2.25);

        Assert.Equal([Value.FromF64(-2.25), Value.FromF32(1.5f), Value.FromI64(long.MinValue), Value.FromI32(5)], results);
    }

    [Theory]
    [InlineData("(i64.extend_i32_u (i32.wrap_i64 (i64.add (local.get 0) (i64.const 0x1_0000_0001))))", -1L, 0L)]
    [InlineData("(i64.extend_i32_s (i32.add (i32.wrap_i64 (local.get 0)) (i32.const 1)))", 0x1_7FFF_FFFFL, int.MinValue)]
    [InlineData("(i64.extend_i32_u (i32.eq (i32.wrap_i64 (local.get 0)) (i32.const 7)))", 0x5_0000_0007L, 1L)]
    [InlineData("(i64.extend_i32_u (select (i32.const 1) (i32.const 2) (i32.wrap_i64 (local.get 0))))", 0x5_0000_0000L, 2L)]
    [InlineData("(if (result i64) (i32.wrap_i64 (local.get 0)) (then (i64.const 1)) (else (i64.const 2)))", 0x5_0000_0000L, 2L)]
    [InlineData("(i64.extend_i32_u (i32.shr_u (i32.wrap_i64 (local.get 0)) (i32.const 4)))", 0xF_0000_0010L, 1L)]
    [InlineData("(i64.extend_i32_u (i32.div_u (i32.wrap_i64 (local.get 0)) (i32.const 2)))", 0xF_0000_0010L, 8L)]
    [InlineData("(i64.extend_i32_u (i32.clz (i32.wrap_i64 (local.get 0))))", 0xF_0000_0001L, 31L)]
    [InlineData("(i64.extend_i32_u (i32.load8_u (i32.wrap_i64 (local.get 0))))", 0xF_0000_0003L, 42L)]
    [InlineData("(i64.trunc_sat_f64_s (f64.convert_i32_u (i32.wrap_i64 (local.get 0))))", 0xF_8000_0000L, 0x8000_0000L)]
    public void UpperHalfOfA32BitSlot_IsNeverSeen(string body, long argument, long expected)
    {
        using var guest = new InterpretedGuest($"(module (memory 1) (data (i32.const 3) \"\\2a\") (func (export \"run\") (param i64) (result i64) {body}))");

        Assert.Equal(expected, guest.Call("run", argument)[0].I64);
        Assert.Equal([FunctionMode.Interpreted], guest.Modes);
    }

    [Theory]
    // A local that waits as an operand keeps its value when the local is set, teed, or set in a loop's next turn.
    [InlineData("(local.get 0) (local.set 0 (i32.const 9)) (i32.add (local.get 0))", 5, 14)]
    [InlineData("(i32.add (local.get 0) (local.tee 0 (i32.add (local.get 0) (i32.const 1))))", 5, 11)]
    [InlineData("(local.get 0) (local.get 0) (local.set 0 (i32.mul (i32.const 2))) (i32.add (local.get 0))", 5, 15)]
    // A result that is dropped must not be taken for the one before it.
    [InlineData("(call $one) (drop (i32.add (local.get 0) (i32.const 1))) (local.set 0) (local.get 0)", 5, 1)]
    [InlineData("(block (result i32) (br_if 0 (i32.const 8) (local.get 0)) (drop) (i32.const 3))", 5, 8)]
    [InlineData("(i32.const 100) (block (result i32) (br_if 0 (i32.const 8) (i32.lt_s (local.get 0) (i32.const 3))) (drop) (local.get 0)) (i32.sub)", 5, 95)]
    [InlineData("(i32.const 100) (block (param i32) (result i32) (br_table 0 0 0 (local.get 0))) (i32.sub (local.get 0))", 5, 95)]
    [InlineData("(i32.eqz (i32.eqz (i32.lt_u (local.get 0) (i32.const -1))))", 5, 1)]
    [InlineData("(i32.gt_s (i32.const 7) (local.get 0))", 5, 1)]
    public void Operands_ThatWaitOrAreForwarded_KeepTheirValues(string body, int argument, int expected)
    {
        using var guest = new InterpretedGuest($"(module (func (export \"run\") (param i32) (result i32) {body}) (func $one (result i32) (i32.const 1)))");

        Assert.Equal(expected, guest.Call("run", argument)[0].I32);
        Assert.Equal(FunctionMode.Interpreted, guest.Modes[0]);
    }

    [Fact]
    public void TypedCalls_OfInterpretedFunctions_CarryEveryType()
    {
        using var guest = new InterpretedGuest("""
            (module
              (func (export "i") (param i32 i64) (result i64) (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1)))
              (func (export "f") (param f32 f64) (result f64) (f64.add (f64.promote_f32 (local.get 0)) (local.get 1)))
              (func (export "r") (param externref) (result externref) (local.get 0))
              (global $seen (export "seen") (mut i32) (i32.const 0))
              (func (export "set") (param i32) (global.set $seen (local.get 0))))
            """);
        var marker = new object();

        Assert.Equal(40, guest.Instance.GetFunction<int, long, long>("i")(-2, 42));
        Assert.Equal(4.0, guest.Instance.GetFunction<float, double, double>("f")(1.5f, 2.5));
        Assert.Same(marker, guest.Instance.GetFunction<object, object>("r")(marker));
        guest.Instance.GetAction<int>("set")(7);
        Assert.Equal(7, guest.Instance.GetGlobal("seen")!.Value.I32);
    }

    [Fact]
    public void References_OtherInstancesCallInterpretedFunctionsAndAreCalled()
    {
        using var guest = new InterpretedGuest("""
            (module (table (export "table") 1 funcref) (elem (i32.const 0) $add)
              (memory (export "memory") 1)
              (func $add (export "add") (param i32) (result i32) (i32.add (local.get 0) (i32.load (i32.const 0)))))
            """);
        guest.Instance.GetMemory("memory")!.Span[0] = 10;
        var linker = new Linker(guest.Engine).Define("m", "add", guest.Instance.GetExport("add")!).Define("m", "table", guest.Instance.GetExport("table")!);
        using var other = Module.Compile(guest.Engine, Support.Wat.ToBinary("""
            (module (import "m" "add" (func $add (param i32) (result i32))) (import "m" "table" (table 1 funcref)) (memory 1) (data (i32.const 0) "\ff")
              (func (export "direct") (result i32) (i32.add (call $add (i32.const 1)) (i32.load8_u (i32.const 0))))
              (func (export "indirect") (result i32) (i32.add (call_indirect (param i32) (result i32) (i32.const 2) (i32.const 0)) (i32.load8_u (i32.const 0)))))
            """));

        var caller = linker.Instantiate(guest.Store, other);

        Assert.Equal(10 + 1 + 255, caller.GetFunction("direct")!.Call()[0].I32);
        Assert.Equal(10 + 2 + 255, caller.GetFunction("indirect")!.Call()[0].I32);
    }

    [Fact]
    public void TierUp_FunctionThatIsCalledOften_IsAskedForAndHandedOver()
    {
        using var guest = new InterpretedGuest("""
            (module (func $next (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
              (func (export "run") (param i32) (result i32) (local i32)
                (loop (local.set 1 (call $next (local.get 1))) (br_if 0 (i32.lt_u (local.get 1) (local.get 0)))) (local.get 1)))
            """);
        var asked = new Asked(handOver: true);
        (guest.Interpreter.TierUp, guest.Interpreter.CallThreshold, guest.Interpreter.LoopThreshold) = (asked, 10, 1_000);

        Assert.Equal(2_500, guest.Call("run", 2_500)[0].I32);

        Assert.Equal([0], asked.Functions);
        Assert.Equal([FunctionMode.Compiled, FunctionMode.Interpreted], guest.Modes);
        Assert.Equal(2, asked.Loops.Count);
        Assert.All(asked.Loops, loop => Assert.Equal((1, 0x03), (loop.Function, guest.Binary[loop.Offset])));
    }

    [Fact]
    public void Global_OfHalfASlot_IsForTheHostTheHalfAlone()
    {
        using var guest = new InterpretedGuest("""
            (module (global $i (export "i") (mut i32) (i32.const 0)) (global $f (export "f") (mut f32) (f32.const 0))
              (func (export "set") (param i64) (global.set $i (i32.wrap_i64 (local.get 0))) (global.set $f (f32.reinterpret_i32 (i32.wrap_i64 (local.get 0))))))
            """);

        guest.Call("set", 0x1234_5678_3F80_0000);

        Assert.Equal(Value.FromI32(0x3F80_0000), guest.Instance.GetGlobal("i")!.Value);
        Assert.Equal(Value.FromF32(1), guest.Instance.GetGlobal("f")!.Value);
    }

    [Fact]
    public void LocalSet_BelowManyOperands_LeavesReadsThatWaitAsTheyWere()
    {
        // 40 operands lie over the first read of each local, so that all are settled; what is set comes from a local, a constant or a step.
        var over = string.Concat(Enumerable.Range(0, 40).Select(i => $"(i32.const {i}) "));
        var sum = string.Concat(Enumerable.Repeat("i32.add ", 43));
        using var guest = new InterpretedGuest($$"""
            (module (func (export "f") (param i32 i32) (result i32)
              (local.get 0) (local.get 1) {{over}}
              (local.set 0 (local.get 1)) (local.get 0) (local.set 1 (i32.mul (local.get 0) (i32.const 100))) (local.get 1)
              (local.set 0 (i32.const 5)) {{sum}}))
            """);

        Assert.Equal(3 + 7 + (40 * 39 / 2) + 7 + 700, guest.Call("f", 3, 7)[0].I32);
    }

    private sealed class Asked(bool handOver) : TierUp
    {
        public List<int> Functions { get; } = [];

        public List<(int Function, int Offset)> Loops { get; } = [];

        public override void Called(Runtime.Execution.InstanceState state, int function)
        {
            Functions.Add(function);
            if (handOver)
            {
                state.Interpreter!.UseCompiled(function);
            }
        }

        public override nint LoopReached(Runtime.Execution.InstanceState state, int function, int loopOffset)
        {
            Loops.Add((function, loopOffset));
            return 0;
        }
    }
}
