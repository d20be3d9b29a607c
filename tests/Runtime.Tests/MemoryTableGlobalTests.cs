using HostService.Runtime.Tests.Compilation;
using HostService.Runtime.Types;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>What guests keep is what the host sees, and the other way round.</summary>
public sealed class MemoryTableGlobalTests : IDisposable
{
    private readonly Guest _guest = new("""
        (module
          (memory (export "m") 1 3) (table (export "t") 2 4 funcref) (elem (i32.const 0) $seven)
          (global (export "mutable") (mut i64) (i64.const 5)) (global (export "constant") f32 (f32.const 1.5)) (global (export "reference") (mut externref) (ref.null extern))
          (func $seven (result i32) i32.const 7)
          (func (export "load") (param i32) (result i32) local.get 0 i32.load8_u)
          (func (export "call") (param i32) (result i32) local.get 0 call_indirect (result i32))
          (func (export "get") (result i64) global.get 0)
          (func (export "touch") (param externref) local.get 0 global.set 2))
        """);

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Memory_WrittenByTheHost_IsReadByTheGuest_AlsoAfterGrowing()
    {
        var memory = _guest.Instance.GetMemory("m")!;
        memory.Span[10] = 200;
        Assert.Equal(200, _guest.Call("load", 10)[0].I32);

        Assert.Equal(1, memory.Grow(2));
        memory.Slice(3 * 65_536 - 1, 1)[0] = 9;
        Assert.Equal(9, _guest.Call("load", (3 * 65_536) - 1)[0].I32);
        Assert.Equal((3, 3L * 65_536), (memory.Pages, memory.Length));
        Assert.Equal(-1, memory.Grow(1));
        Assert.Equal(new MemoryType(new Limits(3, 3)), memory.Type);
    }

    [Fact]
    public void Memory_RangesOutside_AreRefused()
    {
        var memory = _guest.Instance.GetMemory("m")!;

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Slice(65_535, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Slice(-1, 1).Length);
        Assert.False(memory.TrySlice(65_536, 1, out _));
        Assert.False(memory.TrySlice(ulong.MaxValue, 2, out _));
        Assert.False(memory.TryReadOnlySlice(65_535, 2, out _));
        Assert.False(memory.TryReadOnlySlice(ulong.MaxValue, 2, out _));
        memory.Span[65_535] = 9;
        Assert.True(memory.TryReadOnlySlice(65_535, 1, out var last));
        Assert.Equal(9, last[0]);
        Assert.True(memory.TrySlice(65_536, 0, out var empty));
        Assert.Equal(0, empty.Length);
    }

    [Fact]
    public void Table_ReadWrittenAndGrown_IsWhatTheGuestCalls()
    {
        var table = _guest.Instance.GetTable("t")!;
        var function = Assert.IsType<Func>(table[0].Reference);
        Assert.Equal(7, function.Call()[0].I32);
        Assert.Null(table[1].Reference);

        table[1] = Value.FromRef(Func.FromHost(_guest.Store, HostFunction.Create(() => 8)));
        Assert.Equal(8, _guest.Call("call", 1)[0].I32);
        Assert.Equal(2, table.Grow(2, table[0]));
        Assert.Equal(7, _guest.Call("call", 3)[0].I32);
        Assert.Equal((-1, 4), (table.Grow(1, Value.FromRef(null)), table.Length));

        Assert.Throws<ArgumentOutOfRangeException>(() => table[4]);
        Assert.Throws<ArgumentException>(() => table[0] = Value.FromRef("no function"));
        Assert.Throws<ArgumentException>(() => table[0] = 5);
    }

    [Fact]
    public void Global_SetByTheHost_IsReadByTheGuest_AndTheOtherWayRound()
    {
        var mutable = _guest.Instance.GetGlobal("mutable")!;
        mutable.Value = 6L;
        Assert.Equal(6, _guest.Call("get")[0].I64);

        var thing = new object();
        _guest.Call("touch", Value.FromRef(thing));
        Assert.Same(thing, _guest.Instance.GetGlobal("reference")!.Value.Reference);

        Assert.Equal(1.5f, _guest.Instance.GetGlobal("constant")!.Value.F32);
        Assert.Throws<InvalidOperationException>(() => _guest.Instance.GetGlobal("constant")!.Value = 2f);
        Assert.Throws<ArgumentException>(() => mutable.Value = 2);
    }

    [Fact]
    public void Export_AskedForTwice_IsTheSameObject_AndOfOneKind()
    {
        Assert.Same(_guest.Instance.GetMemory("m"), _guest.Instance.GetExport("m"));
        Assert.Null(_guest.Instance.GetTable("m"));
        Assert.Null(_guest.Instance.GetExport("nothing"));
        Assert.Equal(ExternKind.Global, _guest.Instance.GetExport("mutable")!.Kind);
    }
}
