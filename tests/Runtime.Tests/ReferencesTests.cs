using System.Runtime.CompilerServices;
using HostService.Runtime.Tests.Compilation;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>RyuJIT's own maps of live references do what stack maps do elsewhere.</summary>
public sealed class ReferencesTests
{
    [Fact]
    public void Reference_HeldByAFrameAlone_SurvivesACollection_AndADeadOneDoesNot()
    {
        // "keep" uses its argument after the collection, "drop" does not.
        using var guest = new Guest(
            """
            (module (import "h" "make" (func $make (param i32) (result externref))) (import "h" "collect" (func $collect)) (import "h" "check" (func $check (param externref)))
              (func (export "keep") (local externref)
                (local.set 0 (call $make (i32.const 0))) (call $collect) (call $check (local.get 0)))
              (func (export "drop") (local externref)
                (local.set 0 (call $make (i32.const 1))) (call $check (local.get 0)) (call $collect)))
            """,
            link: linker => linker.DefineFunction("h", "make", Make).DefineFunction("h", "collect", Collect).DefineFunction("h", "check", Check));

        guest.Call("keep");
        Assert.True(s_aliveAtCollection[0]);
        guest.Call("drop");
        Assert.False(s_aliveAtCollection[1]);
    }

    [Fact]
    public void References_OnTheOperandStackAcrossACall_Survive()
    {
        using var guest = new Guest(
            """
            (module (import "h" "make" (func $make (result externref))) (import "h" "collect" (func $collect)) (import "h" "both" (func $both (param externref externref)))
              (func (export "run") call $make call $collect call $make call $collect call $both))
            """,
            link: linker => linker.DefineFunction("h", "make", () => new object()).DefineFunction("h", "collect", () => { GC.Collect(); })
                .DefineFunction("h", "both", (object? first, object? second) => { Assert.NotSame(Assert.IsType<object>(first), Assert.IsType<object>(second)); }));

        guest.Call("run");
    }

    private static readonly WeakReference?[] s_made = new WeakReference?[2];
    private static readonly bool[] s_aliveAtCollection = new bool[2];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static object Make(int which)
    {
        var made = new object();
        s_made[which] = new WeakReference(made);
        return made;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        for (var i = 0; i < s_made.Length; i++)
        {
            s_aliveAtCollection[i] = s_made[i]?.IsAlive ?? false;
        }
    }

    private static void Check(object? reference) => Assert.NotNull(reference);
}
