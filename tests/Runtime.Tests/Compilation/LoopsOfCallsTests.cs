using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>A loop each iteration of which calls a function that looks at the deadline has no look of its own; any other loop has.</summary>
public class LoopsOfCallsTests
{
    private const int Iterations = 10;
    private const string Count = "(local.tee $n (i32.sub (local.get $n) (i32.const 1)))";

    /// <summary>A loop, and how often each of its iterations looks at the deadline when all calls in it are made.</summary>
    public static TheoryData<string, int> Loops => new()
    {
        { $"(loop $l (call $checks) (br_if $l {Count}))", 1 },
        { $"(loop $l (call $checks) (call $checks) (br_if $l {Count}))", 2 },
        { $"(loop $l (block (block (call $checks))) (br_if $l {Count}))", 1 },
        { $"(loop $l (block $out (br_if $out (i32.eqz (local.get $n))) (nop)) (call $checks) (br_if $l {Count}))", 1 },
        { $"(block $done (loop $l (br_if $done (i32.eqz (local.get $n))) (call $checks) (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $l)))", 1 },
        { $"(block $done (loop $l (block $a (br_table $done $a (local.get $n))) (call $checks) (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $l)))", 1 },

        // Calls of what does not look.
        { $"(loop $l (call $leaf) (br_if $l {Count}))", 1 },
        { $"(loop $l (call $host) (br_if $l {Count}))", 1 },
        { $"(loop $l (call_indirect (i32.const 0)) (br_if $l {Count}))", 2 },

        // Calls that an iteration can get past.
        { $"(loop $l (if (local.get $n) (then (call $checks))) (br_if $l {Count}))", 2 },
        { $"(loop $l (if (i32.eqz (local.get $n)) (then) (else (call $checks))) (br_if $l {Count}))", 2 },
        { $"(loop $l (block $out (br_if $out (i32.eqz (local.get $n))) (call $checks)) (br_if $l {Count}))", 2 },
        { $"(loop $l (block $out (block (br_if $out (i32.eqz (local.get $n)))) (call $checks)) (br_if $l {Count}))", 2 },
        { $"(loop $l (block $out (block $in (br_table $in $out $in (i32.eqz (local.get $n)))) (call $checks)) (br_if $l {Count}))", 2 },
        { $"(block $done (loop $l (br_if $l (i32.eqz (i32.const 1))) (call $checks) (br_if $done (i32.eqz {Count})) (br $l)))", 2 },
        { $"(block $done (loop $l (block $a (br_table $a $l (i32.const 0))) (call $checks) (br_if $done (i32.eqz {Count})) (br $l)))", 2 },
        { $"(loop $l (block $out (br_on_null $out (local.get $x)) (drop) (call $checks)) (br_if $l {Count}))", 2 },
        { $"(loop $l (block $out (try_table (catch_all $out) (call $checks))) (br_if $l {Count}))", 2 },
        { $"(loop $l (block $out (try_table (catch_all $out) (call $leaf)) (call $checks)) (br_if $l {Count}))", 2 },
    };

    [Theory]
    [MemberData(nameof(Loops))]
    public void Loop_LooksAtTheDeadline(string loop, int perIteration)
    {
        using var guest = new Guest($"""
            (module (import "host" "nothing" (func $host)) (table funcref (elem $checks))
              (func $leaf) (func $checks (call $leaf))
              (func (export "f") (param $n i32) (param $x externref) {loop} (call $leaf)))
            """, link: linker => linker.DefineFunction("host", "nothing", static () => { }));
        var looks = 0;
        guest.Store.SetEpochDeadline(0);
        guest.Store.OnEpochDeadline(_ =>
        {
            looks++;
            return 0;
        });

        guest.Call("f", Iterations, Value.FromRef("x"));

        // One more is the function's own.
        Assert.Equal(1 + (Iterations * perIteration), looks);
    }
}
