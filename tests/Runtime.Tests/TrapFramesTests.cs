using HostService.Runtime.Errors;
using HostService.Runtime.Tests.Compilation;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>A trap names every WebAssembly caller, in order; none is lost to inlining or to a tail call that the guest didn't ask for.</summary>
public sealed class TrapFramesTests
{
    [Fact]
    public void Frames_DirectIndirectAndReferenceCalls_AreAllThereInnermostFirst()
    {
        using var guest = new Guest("""
            (module (type $v (func)) (table 1 funcref) (elem (i32.const 0) $c) (elem declare func $b)
              (func $d unreachable)
              (func $c call $d)
              (func $b i32.const 0 call_indirect (type $v))
              (func $a ref.func $b call_ref $v)
              (func (export "run") call $a))
            """);

        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Equal(TrapCode.Unreachable, trap.Code);
        Assert.Equal(["d", "c", "b", "a", "run"], trap.Frames.Select(frame => frame.Function));
        Assert.Equal([0, 1, 2, 3, 4], trap.Frames.Select(frame => frame.FunctionIndex));
        Assert.All(trap.Frames, frame => Assert.Equal("guest", frame.Module));
        Assert.False(trap.Frames[0].IsApproximate);
        Assert.Equal(0, trap.TruncatedFrames);
    }

    [Fact]
    public void Frames_SmallFunctionsWhoseLastStepIsACall_AreNotLost()
    {
        // Exactly what RyuJIT would inline, or turn into a jump.
        using var guest = new Guest("""
            (module
              (func $leaf (param i32) (result i32) i32.const 1 local.get 0 i32.div_u)
              (func $middle (param i32) (result i32) local.get 0 call $leaf)
              (func (export "run") (param i32) (result i32) local.get 0 call $middle))
            """);

        var trap = Assert.Throws<TrapException>(() => guest.Call("run", 0));

        Assert.Equal(["leaf", "middle", "run"], trap.Frames.Select(frame => frame.Function));
    }

    [Fact]
    public void Frames_TailCall_HasTheCalleeInTheCallersPlace()
    {
        using var guest = new Guest("""
            (module
              (func $c unreachable)
              (func $b return_call $c)
              (func (export "run") call $b))
            """);

        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Equal(["c", "run"], trap.Frames.Select(frame => frame.Function));
    }

    [Theory]
    [InlineData("return_call $c")]
    [InlineData("i32.const 0 return_call_indirect (type $wide)")]
    [InlineData("ref.func $c return_call_ref $wide")]
    public void Frames_TailCallWithMoreArgumentsThanTheCallersStackHasRoomFor_HasTheCalleeInTheCallersPlace(string call)
    {
        using var guest = new Guest($$"""
            (module
              (type $wide (func (param v128 v128 i64 i64 i64 i64 i64 i64 i64 i64)))
              (table 1 funcref) (elem (i32.const 0) $c)
              (func $d unreachable)
              (func $c (type $wide) call $d)
              (func $b
                v128.const i64x2 1 2 v128.const i64x2 3 4
                i64.const 1 i64.const 2 i64.const 3 i64.const 4 i64.const 5 i64.const 6 i64.const 7 i64.const 8 {{call}})
              (func (export "run") call $b))
            """);

        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Equal(["d", "c", "run"], trap.Frames.Select(frame => frame.Function));
    }

    [Fact]
    public void Frame_OfACallerWhoseNextStepIsABranch_IsTheCallThatTrapped()
    {
        // Each call has a number of its own as its argument, so the byte before the instruction tells which call a frame points to.
        const byte First = 11, Last = 21, Call = 0x10;
        byte[] binary = Wasmtime.Module.ConvertText("""
            (module
              (global $chosen (mut i32) (i32.const 0)) (global $zero (export "zero") (mut i32) (i32.const 0))
              (func $f (param i32) (result i32) (if (i32.eq (local.get 0) (global.get $chosen)) (then unreachable)) global.get $zero)
              (func $void (param i32) (drop (call $f (local.get 0))))
              (func (export "run") (param $number i32) (result i32) (local $saved i32)
                (global.set $chosen (local.get $number))
                block $leave
                  i32.const 11 call $f global.get $zero local.set $saved br_if $leave
                  i32.const 12 call $f br_if $leave
                  i32.const 13 call $void
                  i32.const 14 call $void
                  i32.const 15 call $f local.set $saved
                  block $next i32.const 16 call $f i32.eqz br_if $next br $leave end
                  i32.const 17 call $f i32.const 18 call $f i32.add local.get $saved i32.add br_if $leave
                  i32.const 19 call $f if br $leave end
                  i32.const 20 call $f local.set $saved local.get $saved br_if $leave
                  i32.const 21 call $f drop
                end
                i32.const 22 call $f))
            """);
        using var guest = new Guest(binary);

        for (var number = First; number <= Last; number++)
        {
            var trap = Assert.Throws<TrapException>(() => guest.Call("run", (int)number));
            var caller = trap.Frames[^1];
            var offset = (int)caller.Offset;

            Assert.False(caller.IsApproximate);
            Assert.Equal([number, Call], binary[(offset - 1)..(offset + 1)]);
        }
    }

    [Fact]
    public void Frames_ThroughTheHostAndBack_AreInOneList()
    {
        using var guest = new Guest(
            """
            (module (import "host" "again" (func $again))
              (func $inner (export "inner") unreachable)
              (func $outer (export "outer") call $again))
            """,
            link: linker => linker.DefineFunction("host", "again", (Caller caller) => { caller.GetFunction("inner")!.Call(); }));

        var trap = Assert.Throws<TrapException>(() => guest.Call("outer"));

        Assert.Equal(["inner", "outer"], trap.Frames.Select(frame => frame.Function));
    }

    [Fact]
    public void Frames_BeyondTheInnermost64_AreCounted()
    {
        using var guest = new Guest("""
            (module
              (func $down (export "down") (param i32)
                local.get 0 i32.eqz if unreachable end
                local.get 0 i32.const 1 i32.sub call $down))
            """);

        var trap = Assert.Throws<TrapException>(() => guest.Call("down", 99));

        Assert.Equal((TrapException.MaxFrames, 36), (trap.Frames.Length, trap.TruncatedFrames));
        Assert.Contains("and 36 more", trap.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Frame_WithoutAName_TakesItsExportsNameElseItsIndex()
    {
        // The names come from the binary's name section, which $-names make; these functions have none.
        using var guest = new Guest("(module (func unreachable) (func (export \"run\") call 0))");

        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Equal(["func[0]", "run"], trap.Frames.Select(frame => frame.Function));
    }

    [Fact]
    public void Frame_OfTheTrap_PointsToTheInstruction()
    {
        var binary = HostService.Support.Wat.ToBinary("(module (func (export \"run\") (param i32) (result i32) i32.const 7 local.get 0 i32.rem_s))");
        using var guest = new Guest(binary);

        var trap = Assert.Throws<TrapException>(() => guest.Call("run", 0));

        Assert.Equal(Array.LastIndexOf(binary, (byte)0x6F), trap.Frames[0].Offset);
    }

    [Fact]
    public void StackExhaustion_HostThatRethrowsAtEachTurn_IsATrap()
    {
        // The CLR keeps the stack of every exception that is thrown out of a catch block.
        using var guest = new Guest(
            "(module (import \"host\" \"again\" (func $again)) (func (export \"run\") call $again))",
            link: linker => linker.DefineFunction("host", "again", (Caller caller) =>
            {
                try
                {
                    caller.GetFunction("run")!.Call();
                }
                catch (TrapException)
                {
                    caller.Store.Data = (int?)caller.Store.Data + 1 ?? 1;
                    throw;
                }
            }));

        Assert.Equal(TrapCode.CallStackExhausted, Assert.Throws<TrapException>(() => guest.Call("run")).Code);
        Assert.InRange((int)guest.Store.Data!, 50, 200);
    }

    [Theory]
    [InlineData("(func $r (export \"run\") call $r)")]
    [InlineData("(func $r (export \"run\") i32.const 0 call_indirect (type $v))")]
    [InlineData("(func $r (export \"run\") ref.func $r call_ref $v)")]
    [InlineData("(func $r (export \"run\") call $again)")]
    public void StackExhaustion_ByEachKindOfCall_IsATrap_AndTheStoreGoesOn(string recursion)
    {
        using var guest = new Guest(
            $$"""
            (module (type $v (func)) (import "host" "again" (func $again))
              (table 1 funcref) (elem (i32.const 0) $r)
              (func (export "fine") (result i32) i32.const 1)
              {{recursion}})
            """,
            link: linker => linker.DefineFunction("host", "again", (Caller caller) => { caller.GetFunction("run")!.Call(); }));

        for (var i = 0; i < 3; i++)
        {
            var trap = Assert.Throws<TrapException>(() => guest.Call("run"));
            Assert.Equal(TrapCode.CallStackExhausted, trap.Code);
            Assert.Equal(1, guest.Call("fine")[0].I32);
        }
    }

    [Theory]
    [InlineData("(memory $own 1) (data (memory $own) (i32.const 65536) \"\") (data (memory $own) (i32.const 65536) \"x\")",
        "data segment 1, 1 bytes for address 65536 of memory 1, which has 65536 bytes")]
    [InlineData("(table 1 funcref) (elem (i32.const 0) $f) (elem (i32.const -1) $f)", "element segment 1, 1 elements for index 4294967295 of table 0, which has 1 elements")]
    public void Detail_OfASegmentThatDoesNotFit_SaysWhichAndWhere(string fields, string detail)
    {
        using var engine = new Engine();
        using var module = Module.Compile(engine, Support.Wat.ToBinary($"(module (memory 0) {fields} (func $f))"));
        using var store = new Store(engine);

        var trap = Assert.Throws<TrapException>(() => new Linker(engine).InstantiatePre(module).Instantiate(store));

        Assert.Empty(trap.Frames);
        Assert.StartsWith(detail + " (+0x", trap.Detail, StringComparison.Ordinal);
        Assert.Equal($"wasm trap: {trap.Message}: {trap.Detail}", trap.ToString());
    }

    // What fails has an offset in the other module's binary, which is no place in the function that asked for it, nor in the whole of its module.
    [Theory]
    [InlineData("(memory 1) (data (i32.const 65536) \"x\")", TrapCode.OutOfBoundsMemoryAccess)]
    [InlineData("(table 1 funcref) (func $f) (elem (i32.const 1) $f)", TrapCode.OutOfBoundsTableAccess)]
    [InlineData("(type $a (array i64)) (global (ref $a) (array.new_default $a (i32.const 1000000000)))", TrapCode.AllocationTooLarge)]
    public void Frames_OfAnInstanceThatAHostFunctionCouldNotMake_AreThoseOfItsCaller(string definitions, TrapCode code)
    {
        using var engine = new Engine();
        using var failing = Module.Compile(engine, Wat.ToBinary($"(module (@custom \"padding\" (before first) \"{new string('x', 10_000)}\") {definitions})"));
        using var module = Module.Compile(engine, Wat.ToBinary("""(module (import "h" "make" (func $make)) (func (export "run") call $make))"""), "guest");
        using var store = new Store(engine);
        var inner = new Linker(engine).InstantiatePre(failing);
        var run = new Linker(engine).DefineFunction("h", "make", (Caller caller) => { inner.Instantiate(caller.Store); }).Instantiate(store, module).GetFunction("run")!;

        var trap = Assert.Throws<TrapException>(() => run.Call());

        Assert.Equal(code, trap.Code);
        var frame = Assert.Single(trap.Frames);
        Assert.Equal("run", frame.Function);
        Assert.InRange(frame.Offset, 1, module.BinaryLength);
    }

    // Elements that are no plain functions are made when an instruction first asks for them.
    [Fact]
    public void Frames_OfAnElementThatDoesNotFitTheHeap_HaveTheInstructionThatAskedForIt()
    {
        using var guest = new Guest("""
            (module (type $a (array i64)) (table 1 (ref null $a)) (elem $e (ref null $a) (item (array.new_default $a (i32.const 1000000000))))
              (func (export "run") (table.init $e (i32.const 0) (i32.const 0) (i32.const 1))))
            """);

        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Equal((TrapCode.AllocationTooLarge, "run"), (trap.Code, Assert.Single(trap.Frames).Function));
    }

    [Fact]
    public void Frames_OfAnExceptionThatDoesNotFitTheHeap_HaveTheThrow()
    {
        var binary = Wat.ToBinary("""
            (module (tag $e) (table $kept 0 exnref) (table 0 funcref)
              (func (export "run")
                (loop $more
                  (drop (table.grow $kept (block $caught (result exnref) (try_table (catch_all_ref $caught) (throw $e)) unreachable) (i32.const 1)))
                  (br $more))))
            """);
        using var engine = new Engine();
        using var module = Module.Compile(engine, binary, "guest");
        using var store = new Store(engine, new StoreLimits { MaxHeapBytes = 1 << 20 });
        var run = new Linker(engine).Instantiate(store, module).GetFunction("run")!;

        var trap = Assert.Throws<TrapException>(() => run.Call());

        Assert.Equal(TrapCode.AllocationTooLarge, trap.Code);
        var frame = Assert.Single(trap.Frames);
        Assert.Equal(binary.AsSpan().LastIndexOf<byte>([0x08, 0x00, 0x0B, 0x00]), frame.Offset); // throw $e, end, unreachable
        Assert.False(frame.IsApproximate);
    }

    [Fact]
    public void Text_OfATrapInAFunctionWithLinesInItsName_HasALineForEachFrame()
    {
        using var guest = new Guest("""(module (func $f (@name "evil\n12:00:00 forged\1b[31m\r\e2\80\a8\e2\80\ae") unreachable) (func (export "run") call $f))""");

        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Equal("evil\n12:00:00 forged\u001b[31m\r\u2028\u202e", trap.Frames[0].Function);
        Assert.Equal(3, trap.ToString().Split('\n').Length);
        Assert.Contains("guest!evil\ufffd12:00:00 forged\ufffd[31m\ufffd\ufffd\ufffd +0x", trap.ToString(), StringComparison.Ordinal);
    }
}
