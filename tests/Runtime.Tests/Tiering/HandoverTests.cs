using HostService.Runtime.Errors;
using HostService.Support;
using HostService.Runtime.Tests.Compilation;
using HostService.Runtime.Tiering;
using Xunit;

namespace HostService.Runtime.Tests.Tiering;

/// <summary>A call that is interpreted and goes on in compiled code, in the middle of a loop, ends as if it had been one or the other from the start.</summary>
public class HandoverTests
{
    [Theory]
    [MemberData(nameof(LoopShapes.All), MemberType = typeof(LoopShapes))]
    public void Loop_HandedOverInAnyRound_EndsAsCompiledCodeDoes(string what, string functions)
    {
        foreach (var rounds in new[] { 0, 1, 3, 8, 40 })
        {
            using var compiled = Start(functions, CompilationStrategy.Optimized);
            var expected = compiled.Call("f", rounds)[0].I64;
            foreach (var after in new[] { 1, 2, 5 })
            {
                using var guest = Start(functions, CompilationStrategy.Interpreted, after);

                Assert.Equal((what, rounds, after, expected), (what, rounds, after, guest.Call("f", rounds)[0].I64));
                Assert.True(rounds < 40 || ContinuationsOf(guest) > 0, $"{what}: nothing was handed over.");
            }
        }
    }

    [Theory]
    [InlineData("(unreachable)", TrapCode.Unreachable)]
    [InlineData("(drop (i32.load (i32.const -1)))", TrapCode.OutOfBoundsMemoryAccess)]
    [InlineData("(drop (i32.div_s (local.get $n) (local.get $i)))", TrapCode.IntegerDivideByZero)]
    [InlineData("(call $f (local.get $n))", TrapCode.CallStackExhausted)]
    public void Trap_InACallThatWasHandedOver_NamesTheSameFramesAsCompiledCode(string fault, TrapCode code)
    {
        var functions = $"""
            (memory 1)
            (func $f (param $n i32) (local $i i32)
              (loop $l
                (if (i32.eqz (local.get $n)) (then (local.set $i (i32.const 0)) {fault}))
                (local.set $i (i32.const 1))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br $l)))
            (func $g (param $n i32) (loop $l (call $f (local.get $n)) (br_if $l (local.get $n))))
            (func (export "f") (param i32) (call $g (local.get 0)))
            """;
        using var compiled = Start(functions, CompilationStrategy.Baseline);
        var expected = Assert.Throws<TrapException>(() => compiled.Call("f", 20));
        using var guest = Start(functions, CompilationStrategy.Interpreted, after: 3);

        var trap = Assert.Throws<TrapException>(() => guest.Call("f", 20));

        Assert.True(ContinuationsOf(guest) > 0, "Nothing was handed over.");
        Assert.Equal((code, code), (expected.Code, trap.Code));
        if (code != TrapCode.CallStackExhausted)
        {
            Assert.Equal(expected.Frames.Select(frame => (frame.FunctionIndex, frame.Offset)), trap.Frames.Select(frame => (frame.FunctionIndex, frame.Offset)));
        }
        else
        {
            Assert.Equal(TrapException.MaxFrames, trap.Frames.Length);
            Assert.True(trap.TruncatedFrames > 0);
        }
    }

    [Fact]
    public void Deadline_InALoopThatWasHandedOver_InterruptsItThere()
    {
        using var guest = Start("""(func (export "f") (param $n i32) (loop $l (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $l)))""", CompilationStrategy.Interpreted, after: 5);
        guest.Store.SetEpochDeadline(1);
        var asked = 0;
        guest.Store.OnEpochDeadline(_ => ++asked < 20 ? 0UL : null);
        guest.Engine.IncrementEpoch();

        var trap = Assert.Throws<TrapException>(() => guest.Call("f", 0));

        Assert.Equal((TrapCode.Interrupted, 20, 1), (trap.Code, asked, ContinuationsOf(guest)));
        Assert.Single(trap.Frames);
    }

    [Fact]
    public void LongFirstCall_InTheBackground_IsHandedOverWhileItRuns()
    {
        // Only the host ends this call, and it does so once the loop has been handed over.
        using var guest = StartInterpreted("""(func (export "f") (local $i i32) (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l)))""");
        guest.Store.SetEpochDeadline(1);
        guest.Store.OnEpochDeadline(_ => ContinuationsOf(guest) == 0 ? 0UL : null);
        guest.Engine.IncrementEpoch();

        Assert.Equal(TrapCode.Interrupted, Assert.Throws<TrapException>(() => guest.Call("f")).Code);
        Assert.Equal(1, ContinuationsOf(guest));
    }

    [Fact]
    public void Loop_OfAModuleThatWasStored_IsHandedOverToo()
    {
        using var first = new Engine();
        using var compiled = Module.Compile(first, Wat.ToBinary("""
            (module
              (func $g (param i32) (result i32) (call $h (local.get 0)))
              (func $h (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1)))
              (func (export "f") (param $n i32) (result i32) (loop $l (br_if $l (local.tee $n (call $g (local.get $n))))) (local.get $n)))
            """));
        using var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Interpreted, HandsOverAfter = 3 });
        using var module = Module.Deserialize(engine, compiled.Serialize());
        using var store = new Store(engine);

        Assert.Equal(0, new Linker(engine).Instantiate(store, module).GetFunction("f")!.Call(20)[0].I32);
        Assert.Equal(1, ((Handover)module.Interpreter!.TierUp!).ContinuationCount);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(40, true)]
    [InlineData(1_000, false)]
    [InlineData(int.MaxValue, false)]
    public void Module_OfSomeLength_IsInterpretedFirstFromTheLimitOn(int fromBytes, bool isInterpreted)
    {
        var binary = Wat.ToBinary($"(module (func (export \"f\") (result i32) {string.Concat(Enumerable.Repeat("(drop (i32.const 1))", 20))} (i32.const 7)))");
        using var engine = new Engine(new EngineOptions { Compilation = CompilationStrategy.Tiered, InterpretsFirstFromBytes = fromBytes });
        using var module = Module.Compile(engine, binary);

        Assert.Equal(isInterpreted, module.Interpreter is not null);
    }

    // So small a module may be optimised before its first instance is made: then once more.
    private static Guest StartInterpreted(string functions)
    {
        for (var attempt = 0; ; attempt++)
        {
            var guest = Start(functions, CompilationStrategy.Tiered);
            if (guest.State.Interpreter is not null)
            {
                return guest;
            }

            guest.Dispose();
            Assert.True(attempt < 1_000, "No instance was made before its module was optimised.");
        }
    }

    private static Guest Start(string functions, CompilationStrategy strategy, int after = 0) => new(
        Wat.ToBinary($"(module {functions})"),
        new EngineOptions { Compilation = strategy, HandsOverAfter = after, InterpretsFirstFromBytes = 0, BoundsChecks = BoundsChecks.Explicit },
        linker => linker.DefineFunction("host", "twice", (int value) => value * 2));

    private static int ContinuationsOf(Guest guest) => ((Handover)guest.State.Interpreter!.TierUp!).ContinuationCount;
}
