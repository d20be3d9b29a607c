using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Syntax;
using HostService.Runtime.Tests.Compilation;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests.CoreDumps;

/// <summary>Core dumps hold what the Store held at the trap, in a form that other readers accept.</summary>
public sealed class CoreDumpTests
{
    private const string Traps = """
        (module $guest
          (memory (export "memory") 3)
          (global $count (mut i32) (i32.const 1)) (global f64 (f64.const 2.5)) (global (mut externref) (ref.null extern)) (global funcref (ref.func $inner))
          (data (i32.const 100) "hello")
          (func $inner (param i32) (local i64 f32) (unreachable))
          (func $outer (export "run") (local i32)
            (global.set $count (i32.const -7))
            (i32.store (i32.const 70000) (i32.const 0x01020304))
            (i32.store8 (i32.const 196607) (i32.const 9))
            (call $inner (i32.const 5))))
        """;

    [Fact]
    public void Dump_OfATrap_HasFramesGlobalsAndMemory()
    {
        using var guest = new Guest(Traps);
        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));
        var destination = new MemoryStream();

        Assert.True(guest.Store.WriteCoreDump(trap, destination, executableName: "orders"));

        var dump = new ParsedCoreDump(destination.ToArray());
        Assert.Equal(("orders", "main"), (dump.Executable, dump.Thread));
        Assert.Equal(["guest"], dump.Modules);
        var instance = Assert.Single(dump.Instances);
        Assert.Equal(0, instance.Module);
        Assert.Equal([0], instance.Memories);
        Assert.Equal([0, 1, 2, 3], instance.Globals);
        var bodies = guest.Instance.Module.Syntax.Bodies;
        Assert.Equal(
            [new(0, 0, (int)trap.Frames[0].Offset - bodies[0].Offset, 3), new(0, 1, (int)trap.Frames[1].Offset - bodies[1].Offset, 1)], dump.Frames);
        Assert.Equal(3UL, Assert.Single(dump.Module.Memories).Limits.Minimum);
        Assert.True(guest.Instance.GetMemory("memory")!.Span.SequenceEqual(dump.MemoryContents(0, 3 * 65536)));
        Assert.Equal(
            [(ConstExprKind.I32, unchecked((ulong)-7L)), (ConstExprKind.F64, BitConverter.DoubleToUInt64Bits(2.5))],
            dump.Module.Globals.Take(2).Select(global => (global.Init!.Value.Kind, global.Init.Value.Bits)));
        Assert.All(dump.Module.Globals, global => Assert.False(global.Type.IsMutable));
    }

    [Fact]
    public void Dump_AfterAnInstanceThatFoundNoRoom_IsOfTheOthers()
    {
        using var engine = new Engine();
        using var large = Module.Compile(engine, Wat.ToBinary("(module (memory 100) (global (mut i32) (i32.const 1)))"));
        using var small = Module.Compile(engine, Wat.ToBinary(Traps));
        using var store = new Store(engine, new StoreLimits { MaxMemoryBytes = 10 << 16 });
        Assert.Throws<ResourceLimitException>(() => new Linker(engine).Instantiate(store, large));
        var instance = new Linker(engine).Instantiate(store, small);
        var trap = Assert.Throws<TrapException>(() => instance.GetFunction("run")!.Call());
        var destination = new MemoryStream();

        Assert.True(store.WriteCoreDump(trap, destination));

        Assert.Equal(["guest"], new ParsedCoreDump(destination.ToArray()).Modules);
    }

    [Fact]
    public void Dump_OfPagesOfZeros_LeavesThemOut()
    {
        using var guest = new Guest("(module (memory 1000) (func (export \"run\") (i32.store (i32.const 50000000) (i32.const 1)) unreachable))");
        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));
        var destination = new MemoryStream();

        Assert.True(guest.Store.WriteCoreDump(trap, destination));

        Assert.InRange(destination.Length, 4096, 5000);
    }

    [Fact]
    public void Dump_LargerThanItMayBe_IsPartialAndStillAModule()
    {
        using var guest = new Guest("(module (memory 4) (func (export \"run\") (memory.fill (i32.const 0) (i32.const 7) (i32.const 262144)) unreachable))");
        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));
        var destination = new MemoryStream();

        Assert.False(guest.Store.WriteCoreDump(trap, destination, maxMemoryBytes: 10_000));

        var contents = new ParsedCoreDump(destination.ToArray()).MemoryContents(0, 262144);
        Assert.Equal(8192, contents.Count(value => value == 7));
    }

    [Fact]
    public void Dump_OfTwoInstancesThatShareAMemory_HasItOnce()
    {
        using var engine = new Engine();
        using var owner = Module.Compile(engine, Wasmtime.Module.ConvertText("(module (memory (export \"m\") 1) (global (export \"g\") (mut i64) (i64.const 3)))"), "owner");
        using var user = Module.Compile(engine, Wasmtime.Module.ConvertText("""
            (module (import "owner" "m" (memory 1)) (import "owner" "g" (global (mut i64))) (memory 2 5)
              (func (export "run") (i32.store (i32.const 0) (i32.const 1)) (i32.store 1 (i32.const 131000) (i32.const 2)) unreachable))
            """), "user");
        using var store = new Store(engine);
        var linker = new Linker(engine);
        linker.DefineInstance("owner", linker.Instantiate(store, owner));
        var trap = Assert.Throws<TrapException>(() => linker.Instantiate(store, user).GetFunction("run")!.Call());
        var destination = new MemoryStream();

        store.WriteCoreDump(trap, destination);

        var dump = new ParsedCoreDump(destination.ToArray());
        Assert.Equal(["owner", "user"], dump.Modules);
        Assert.Equal([0], dump.Instances[0].Memories);
        Assert.Equal([0, 1], dump.Instances[1].Memories);
        Assert.Equal(dump.Instances[0].Globals, dump.Instances[1].Globals);
        Assert.Equal(1, dump.Frames[0].Instance);
        Assert.Equal((1, 2), (dump.MemoryContents(0, 65536)[0], dump.MemoryContents(1, 131072)[131000]));
    }

    [Fact]
    public void Dump_IsAValidModuleToWasmtime()
    {
        using var guest = new Guest(Traps);
        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));
        var destination = new MemoryStream();
        guest.Store.WriteCoreDump(trap, destination);

        using var engine = new Wasmtime.Engine();
        GuardPages.KeepActivationsOut(); // other tests run at the same time
        using var module = Wasmtime.Module.FromBytes(engine, "dump", destination.ToArray());

        Assert.Empty(module.Imports);
    }

    [Fact]
    public void Dump_OfATrapOfAnotherStore_IsRefused()
    {
        using var guest = new Guest(Traps);
        using var other = new Guest("(module)");
        var trap = Assert.Throws<TrapException>(() => guest.Call("run"));

        Assert.Throws<ArgumentException>(() => other.Store.WriteCoreDump(trap, new MemoryStream()));
    }
}
