using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Interpretation;

/// <summary>What ends an interpreted call early, and what is known then.</summary>
public sealed class InterpretedTrapTests
{
    [Fact]
    public void Frames_ThroughTheHostCompiledCodeAndBack_AreInOneListAndExact()
    {
        // inner traps; middle is compiled because of its vector; the host calls middle, and leads in between.
        using var guest = new InterpretedGuest(
            """
            (module (import "host" "again" (func $again))
              (func $inner (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
              (func $second (result i32) (call $inner (i32.const 0)))
              (func $middle (export "middle") (drop (v128.const i64x2 0 0)) (drop (call $second)))
              (func $first (call $again) (call $again))
              (func $run (export "run") (call $first)))
            """,
            link: linker => linker.DefineFunction("host", "again", (Caller caller) => { caller.GetFunction("middle")!.Call(); }));

        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Equal(TrapCode.IntegerDivideByZero, trap.Code);
        Assert.Equal(["inner", "second", "middle", "first", "run"], trap.Frames.Select(frame => frame.Function));
        Assert.Equal([0x6E, 0x10, 0x10], new[] { 0, 3, 4 }.Select(frame => (int)guest.Binary[trap.Frames[frame].Offset]));
        Assert.All(new[] { 0, 3, 4 }, frame => Assert.False(trap.Frames[frame].IsApproximate));
        Assert.All(trap.Frames, frame => Assert.Equal("guest", frame.Module));
    }

    [Fact]
    public void Frames_OfAnotherInstance_AreThereInTheirOrder()
    {
        using var guest = new InterpretedGuest("(module (func $traps (export \"traps\") (param i32) (drop (i32.load offset=65536 (local.get 0)))) (memory 1))");
        using var other = Module.Compile(guest.Engine, Support.Wat.ToBinary(
            "(module (import \"m\" \"traps\" (func $f (param i32))) (func $calls (call $f (i32.const 0))) (func $run (export \"run\") (call $calls)))"), "other");
        var caller = new Linker(guest.Engine).Define("m", "traps", guest.Instance.GetExport("traps")!).Instantiate(guest.Store, other);

        var trap = Assert.Throws<TrapException>(() => caller.GetFunction("run")!.Call());

        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, trap.Code);
        Assert.Equal([("guest", "traps"), ("other", "calls"), ("other", "run")], trap.Frames.Select(frame => (frame.Module!, frame.Function)));
    }

    [Fact]
    public void Trap_InCompiledCodeThatCatches_LeavesTheInterpreterInOrder()
    {
        // $guarded is compiled; what it catches was thrown by a compiled function below two interpreted ones, whose frames are gone afterwards.
        using var guest = new InterpretedGuest("""
            (module (tag $t)
              (func $throws (throw $t))
              (func $between (param i32) (if (local.get 0) (then (call $between (i32.sub (local.get 0) (i32.const 1)))) (else (call $throws))))
              (func $guarded (param i32) (result i32) (block (try_table (catch $t 0) (call $between (local.get 0)))) (i32.const 1))
              (func (export "run") (param i32) (result i32) (local i32)
                (loop (local.set 1 (i32.add (local.get 1) (call $guarded (i32.const 20)))) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
                (local.get 1))
              (func (export "trap") (result i32) (drop (call $guarded (i32.const 3))) (unreachable)))
            """);

        Assert.Equal(300, guest.Call("run", 300)[0].I32);
        Assert.Equal(["trap"], Assert.Throws<TrapException>(() => guest.Call("trap")).Frames.Select(frame => frame.Function));
    }

    [Theory]
    [InlineData("(func $f (export \"run\") (call $f))")]
    [InlineData("(table 1 funcref) (elem (i32.const 0) $f) (func $f (export \"run\") (call_indirect (i32.const 0)))")]
    [InlineData("(import \"host\" \"again\" (func $again)) (func $f (export \"run\") (call $again))")]
    [InlineData("(func $f (export \"run\") (call $g)) (func $g (drop (v128.const i64x2 0 0)) (call $f))")]
    public void Recursion_WithoutEnd_ExhaustsTheCallStackAndTheStoreGoesOn(string functions)
    {
        using var guest = new InterpretedGuest(
            $"(module {functions} (func (export \"fine\") (result i32) (i32.const 1)))",
            link: linker => linker.DefineFunction("host", "again", (Caller caller) => { caller.GetFunction("run")!.Call(); }));

        for (var i = 0; i < 3; i++)
        {
            var trap = Assert.Throws<TrapException>(() => guest.Call("run"));
            Assert.Equal(TrapCode.CallStackExhausted, trap.Code);

            // The innermost frames; which of two functions that call each other the last of them is depends on where the stack was at its end.
            Assert.All(trap.Frames, frame => Assert.True(frame.Function is "f" or "g", frame.Function));
            Assert.True(trap.TruncatedFrames > 0 || trap.Frames.Length < TrapException.MaxFrames);
            Assert.Equal(1, guest.Call("fine")[0].I32);
        }
    }

    [Fact]
    public void Recursion_WithLocals_GoesDeeperWithALargerStack()
    {
        const string Counts = """
            (module (global $deepest (export "deepest") (mut i32) (i32.const 0))
              (func $f (export "run") (param i32) (local i64 i64 i64) (global.set $deepest (local.get 0)) (call $f (i32.add (local.get 0) (i32.const 1)))))
            """;

        Assert.InRange(Deepest(1 << 20), Deepest(256 << 10) * 3, int.MaxValue);

        static int Deepest(int maxStackBytes)
        {
            using var guest = new InterpretedGuest(Counts, limits: StoreLimits.Default with { MaxStackBytes = maxStackBytes });
            Assert.Throws<TrapException>(() => guest.Call("run", 0));
            return guest.Instance.GetGlobal("deepest")!.Value.I32;
        }
    }

    [Theory]
    [InlineData("(func (export \"run\") (loop (br 0)))", 0x03)]
    [InlineData("(func (export \"run\") (loop (loop (br_if 1 (i32.const 1)))))", 0x03)]
    [InlineData("(func $walk (export \"run\") (param i32) (if (local.get 0) (then (call $walk (i32.sub (local.get 0) (i32.const 1))) (call $walk (i32.sub (local.get 0) (i32.const 1))))))", -1)]
    public void Epoch_GuestThatDoesNotEnd_IsInterruptedWhereItIs(string function, int opcode)
    {
        using var guest = new InterpretedGuest($"(module {function})");
        var run = guest.Instance.GetFunction("run")!;
        guest.Store.SetEpochDeadline(1);
        using var timer = new Timer(_ => guest.Engine.IncrementEpoch(), null, 50, Timeout.Infinite);

        var trap = Assert.Throws<TrapException>(() => run.Call(run.ParameterCount == 0 ? [] : [Value.FromI32(40)]));

        Assert.Equal(TrapCode.Interrupted, trap.Code);
        Assert.True(opcode < 0 || guest.Binary[trap.Frames[0].Offset] == opcode);
    }

    [Fact]
    public void MemoryGrow_MakesTheNewPagesReachableAtOnce()
    {
        using var guest = new InterpretedGuest("""
            (module (memory 1)
              (func (export "run") (result i32) (drop (memory.grow (i32.const 1))) (i32.store (i32.const 131068) (i32.const 7)) (i32.load (i32.const 131068)))
              (func (export "beyond") (result i32) (i32.load (i32.const 131069))))
            """);

        Assert.Equal(7, guest.Call("run")[0].I32);
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => guest.Call("beyond")).Code);
    }
}
