using System.Globalization;
using HostService.Runtime.Errors;
using HostService.Support;
using Xunit;
using Peer = Wasmtime;

namespace HostService.Runtime.Tests;

/// <summary>The offsets of callers are those of their calls, in optimised code too, where RyuJIT may join statements. Wasmtime is taken to be right.</summary>
public sealed class CallerOffsetTests
{
    // $f traps when it is called with the number that $run was given; the calls of each body are numbered.
    private const string Frame = """
        (module
          (type $i (func (param i32) (result i32)))
          (table funcref (elem $f $g)) (memory 1) (global $target (mut i32) (i32.const 0))
          (func $f (type $i)
            (if (i32.eq (local.get 0) (global.get $target)) (then unreachable))
            (local.get 0))
          (func $g (type $i) (i32.mul (call $f (local.get 0)) (i32.const 3)))
          (func $three (param i32 i32 i32) (result i32) (call $f (i32.add (local.get 0) (i32.add (local.get 1) (local.get 2)))))
          (func $two (param i32) (result i32 i32) (call $f (local.get 0)) (i32.const 1))
          (func $real (param i32) (result f64) (f64.convert_i32_s (call $f (local.get 0))))
          (func $none (param i32) (drop (call $f (local.get 0))))
          (func $run (export "run") (param i32) (param $x i32) (result i32) (local $a i32) (local $b i32) (local $c i32) (local $i i32)
            (global.set $target (local.get 0))
            BODY))
        """;

    public static TheoryData<string> Bodies =>
    [
        "(i32.add (i32.add (call $f (i32.const 1)) (call $f (i32.const 2))) (call $f (i32.const 3)))",
        "(call $f (i32.add (call $f (i32.const 1)) (i32.add (call $f (i32.const 2)) (i32.const -3))))",
        "(call $three (call $f (i32.const 1)) (call $f (i32.const 2)) (call $g (i32.const 3)))",
        "(call $f (i32.sub (call $f (i32.sub (call $f (i32.const 3)) (i32.const 1))) (i32.const 1)))",
        "(local.set $a (call $f (i32.const 1))) (local.set $b (call $f (i32.const 2))) (local.set $c (call $f (i32.const 3))) (i32.add (i32.mul (local.get $a) (local.get $b)) (local.get $c))",
        "(i32.mul (call $f (i32.add (local.get $x) (i32.const 1))) (i32.sub (call $f (i32.add (local.get $x) (i32.const 2))) (i32.const 3)))",
        "(select (call $f (i32.const 1)) (call $f (i32.const 2)) (call $f (i32.const 3)))",
        "(i32.add (call_indirect (type $i) (i32.const 1) (i32.const 0)) (call_indirect (type $i) (i32.const 2) (i32.const 1)))",
        "(i32.add (call_indirect (type $i) (i32.const 1) (i32.const 0)) (call_indirect (type $i) (i32.const 2) (call $f (i32.const 0))))",
        "(i32.store (i32.and (call $f (i32.const 1)) (i32.const 1)) (call $f (i32.const 2))) (call $f (i32.const 3))",
        "(drop (call $f (i32.const 1))) (drop (call $f (i32.const 2))) (call $none (i32.const 3)) (call $none (i32.const 4)) (i32.const 0)",
        "(if (result i32) (call $f (i32.const 1)) (then (call $f (i32.const 2))) (else (call $f (i32.const 3))))",
        "(if (result i32) (i32.sub (call $f (i32.const 1)) (i32.const 1)) (then (call $f (i32.const 2))) (else (i32.add (call $f (i32.const 3)) (call $f (i32.const 4)))))",
        "(call $two (i32.const 1)) (call $two (i32.const 2)) (i32.add) (i32.add) (i32.add)",
        "(i32.trunc_sat_f64_s (f64.add (call $real (i32.const 1)) (f64.mul (call $real (i32.const 2)) (call $real (i32.const 3)))))",
        "(local.set $a (local.tee $b (call $f (i32.const 1)))) (block (br_if 0 (call $f (i32.const 2))) (drop (call $f (i32.const 3)))) (i32.add (local.get $a) (call $f (i32.const 4)))",
        "(loop $l (local.set $a (i32.add (local.get $a) (i32.add (call $f (i32.const 1)) (call $f (i32.add (local.get $i) (i32.const 2)))))) (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4)))) (local.get $a)",
        "(i32.load (i32.and (call $f (i32.load (i32.const 8))) (i32.const 0))) (i32.add (call $f (i32.load (i32.add (local.get $x) (i32.const 2)))) (call $f (i32.const 3))) (i32.add)",
        "(block (block (block (br_table 0 1 2 (call $f (i32.const 1)))) (drop (call $f (i32.const 2)))) (drop (call $f (i32.const 3)))) (call $f (i32.const 4))",
        "(call $f (i32.const 1)) (call $f (i32.const 2)) (call $f (i32.const 3)) (call $f (i32.const 4)) (i32.add) (i32.xor) (i32.sub)",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Frames_OfOptimisedCode_AreAtTheCallsThatWasmtimeNames(string body) => Compare(body, new EngineOptions());

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Frames_WithExplicitChecks_AreAtTheCallsThatWasmtimeNames(string body) => Compare(body, new EngineOptions { BoundsChecks = BoundsChecks.Explicit });

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Frames_OfTheInterpreter_AreAtTheCallsThatWasmtimeNames(string body) => Compare(body, new EngineOptions { Compilation = CompilationStrategy.Interpreted });

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Frames_OfBaselineCode_AreAtTheCallsThatWasmtimeNames(string body) => Compare(body, new EngineOptions { Compilation = CompilationStrategy.Baseline });

    private static void Compare(string body, EngineOptions options)
    {
        var binary = Wat.ToBinary(Frame.Replace("BODY", body, StringComparison.Ordinal));
        using var engine = new Engine(options);
        using var module = Module.Compile(engine, binary);
        var compared = 0;
        for (var target = 0; target < 16; target++)
        {
            if (Theirs(binary, target) is not { } expected)
            {
                continue;
            }

            using var store = new Store(engine);
            var run = new Linker(engine).Instantiate(store, module).GetFunction("run")!;
            var trap = Assert.Throws<TrapException>(() => run.Call(target, 0));
            Assert.Equal(expected, trap.Frames.Select(frame => frame.Offset.ToString("x", CultureInfo.InvariantCulture)));
            compared++;
        }

        Assert.InRange(compared, 2, 15);
    }

    private static IEnumerable<string>? Theirs(byte[] binary, int target)
    {
        using var engine = new Peer.Engine(new Peer.Config().WithOptimizationLevel(Peer.OptimizationLevel.None));
        using var module = Peer.Module.FromBytes(engine, "guest", binary);
        using var store = new Peer.Store(engine);
        using var linker = new Peer.Linker(engine);
        var run = linker.Instantiate(store, module).GetFunction("run")!;
        try
        {
            run.Invoke(target, 0);
            return null;
        }
        catch (Peer.TrapException trap)
        {
            return trap.Frames!.Select(frame => ((long)frame.ModuleOffset).ToString("x", CultureInfo.InvariantCulture));
        }
    }
}
