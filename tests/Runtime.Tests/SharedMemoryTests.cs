using System.Diagnostics;
using HostService.Runtime.Errors;
using HostService.Runtime.Types;
using HostService.Support;
using Xunit;

namespace HostService.Runtime.Tests;

/// <summary>One memory, several Stores, several threads.</summary>
public sealed class SharedMemoryTests : IDisposable
{
    private const string Worker = """
        (module
          (memory (import "env" "memory") 1 10 shared)
          (func (export "add") (param $times i32)
            (loop $again
              (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
              (drop (i32.atomic.rmw8.sub_u (i32.const 9) (i32.const 1)))
              (drop (i64.atomic.rmw.xor (i32.const 16) (i64.const 1)))
              (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
          (func (export "lock-and-count") (param $times i32)
            (loop $again
              (loop $spin (br_if $spin (i32.atomic.rmw.cmpxchg (i32.const 32) (i32.const 0) (i32.const 1))))
              (i64.store (i32.const 40) (i64.add (i64.load (i32.const 40)) (i64.const 1)))
              (i32.atomic.store (i32.const 32) (i32.const 0))
              (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
          (func (export "wait") (param i32 i64) (result i32) (memory.atomic.wait32 (i32.const 4) (local.get 0) (local.get 1)))
          (func (export "wait64") (param i64 i64) (result i32) (memory.atomic.wait64 (i32.const 8) (local.get 0) (local.get 1)))
          (func (export "notify") (param i32) (result i32) (memory.atomic.notify (i32.const 4) (local.get 0)))
          (func (export "load") (param i32) (result i32) (i32.atomic.load (local.get 0)))
          (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
          (func (export "size") (result i32) (memory.size))
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
        """;

    private readonly Engine _engine = new(new EngineOptions { Features = WasmFeatures.Threads });
    private readonly Module _module;
    private readonly SharedMemory _memory;
    private readonly InstancePre _pre;

    public SharedMemoryTests()
    {
        _module = Module.Compile(_engine, Wat.ToBinary(Worker));
        _memory = new SharedMemory(_engine, new MemoryType(new Limits(1, 10), IsShared: true));
        _pre = new Linker(_engine).Define("env", "memory", _memory).InstantiatePre(_module);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _module.Dispose();
        Assert.Equal(0, _engine.GetStatistics().MemoriesInUse);
        _engine.Dispose();
    }

    [Fact]
    public void Atomics_OfTwoThreads_LoseNothing()
    {
        const int Times = 200_001;

        OnThreads(2, instance =>
        {
            instance.GetFunction("add")!.Call(Times);
            instance.GetFunction("lock-and-count")!.Call(20_000);
        });

        Assert.Equal(2 * Times, BitConverter.ToInt32(_memory.Slice(0, 4)));
        Assert.Equal(unchecked((byte)(-2 * Times)), _memory.Slice(9, 1)[0]);
        Assert.Equal(0, BitConverter.ToInt64(_memory.Slice(16, 8)));
        Assert.Equal(40_000, BitConverter.ToInt64(_memory.Slice(40, 8)));
    }

    [Fact]
    public void Growth_OfFourThreads_HandsOutEachPageOnce()
    {
        var before = new List<int>();

        OnThreads(4, instance =>
        {
            for (var i = 0; i < 5; i++)
            {
                var grown = instance.GetFunction("grow")!.Call(1)[0].I32;
                var last = instance.GetFunction("load8")!.Call((instance.GetFunction("size")!.Call()[0].I32 * 65_536) - 1)[0].I32;
                lock (before)
                {
                    Assert.Equal(0, last);
                    before.Add(grown);
                }
            }
        });

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], before.Where(pages => pages >= 0).Order());
        Assert.Equal(11, before.Count(pages => pages == -1));
        Assert.Equal(10, _memory.Pages);
        Assert.Equal(-1, _memory.Grow(1));
    }

    [Fact]
    public void Growth_ByAGuest_IsChargedToItsStoreAlone()
    {
        using var small = new Store(_engine, new StoreLimits { MaxMemoryBytes = 65_536 });
        using var large = new Store(_engine);
        var (first, second) = (_pre.Instantiate(small), _pre.Instantiate(large));

        Assert.Equal(1, first.GetFunction("grow")!.Call(1)[0].I32);
        Assert.Equal(-1, first.GetFunction("grow")!.Call(1)[0].I32);
        Assert.Equal(2, second.GetFunction("grow")!.Call(2)[0].I32);

        Assert.Equal(4, first.GetFunction("size")!.Call()[0].I32);
        Assert.Equal((65_536UL, 2 * 65_536UL), (small.MemoryBytes, large.MemoryBytes));
    }

    [Fact]
    public void Wait_AnotherValueOrNoTime_EndsAtOnce()
    {
        using var store = new Store(_engine);
        var instance = _pre.Instantiate(store);

        Assert.Equal(1, instance.GetFunction("wait")!.Call(7, -1L)[0].I32);
        Assert.Equal(1, instance.GetFunction("wait64")!.Call(7L, -1L)[0].I32);
        Assert.Equal(2, instance.GetFunction("wait")!.Call(0, 0L)[0].I32);
        Assert.Equal(0, instance.GetFunction("notify")!.Call(1)[0].I32);
    }

    [Fact]
    public void Wait_WithTimeout_LastsThatLong()
    {
        using var store = new Store(_engine);
        var wait = _pre.Instantiate(store).GetFunction("wait64")!;
        var watch = Stopwatch.StartNew();

        Assert.Equal(2, wait.Call(0L, 50_000_000L)[0].I32);

        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Notify_ByGuestAndHost_WakesAsManyAsSaid()
    {
        var results = new List<int>();
        var threads = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            using var store = new Store(_engine);
            var result = _pre.Instantiate(store).GetFunction("wait")!.Call(0, -1L)[0].I32;
            lock (results)
            {
                results.Add(result);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        using var store = new Store(_engine);
        var notify = _pre.Instantiate(store).GetFunction("notify")!;

        // How many wait is known only by waking them.
        var woken = 0;
        Assert.True(SpinWait.SpinUntil(() => (woken += _memory.Notify(4, 1)) == 1, TimeSpan.FromSeconds(30)));
        Assert.True(SpinWait.SpinUntil(() => (woken += notify.Call(-1)[0].I32) == 3, TimeSpan.FromSeconds(30)));
        threads.ForEach(thread => Assert.True(thread.Join(TimeSpan.FromSeconds(30))));

        Assert.Equal([0, 0, 0], results);
        Assert.Equal(0, notify.Call(-1)[0].I32);
    }

    [Fact]
    public void Wait_ForEver_EndsAtTheStoresDeadline_AndLeavesTheQueue()
    {
        using var store = new Store(_engine);
        var instance = _pre.Instantiate(store);
        store.SetEpochDeadline(2);
        using var clock = new Timer(_ => _engine.IncrementEpoch(), null, 10, 10);
        var watch = Stopwatch.StartNew();

        var trap = Assert.Throws<TrapException>(() => instance.GetFunction("wait")!.Call(0, -1L));

        Assert.Equal(TrapCode.Interrupted, trap.Code);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(20));
        Assert.Equal(0, _memory.Notify(4, 10));
    }

    [Fact]
    public void Access_Unaligned_Traps()
    {
        using var store = new Store(_engine);
        var load = _pre.Instantiate(store).GetFunction("load")!;

        Assert.Equal(TrapCode.UnalignedAtomic, Assert.Throws<TrapException>(() => load.Call(2)).Code);
        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, Assert.Throws<TrapException>(() => load.Call(65_536)).Code);
    }

    [Fact]
    public void Memory_LivesUntilTheLastHolderIsGone()
    {
        var first = new Store(_engine);
        var second = new Store(_engine);
        _pre.Instantiate(first);
        var instance = _pre.Instantiate(second);
        var again = new Memory(first, _memory).Share();
        _memory.Slice(100, 1)[0] = 42;

        _memory.Dispose();
        first.Dispose();
        again.Dispose();

        Assert.Equal(42, instance.GetFunction("load8")!.Call(100)[0].I32);
        Assert.Equal(1, _engine.GetStatistics().MemoriesInUse);
        second.Dispose();
        Assert.Equal(0, _engine.GetStatistics().MemoriesInUse);
        using var late = new Store(_engine);
        Assert.Throws<ObjectDisposedException>(() => _pre.Instantiate(late));
        Assert.Throws<ObjectDisposedException>(() => _memory.Slice(0, 1).Length);
    }

    [Fact]
    public void Memory_MadeByAModule_CanBeImportedIntoAnotherStore()
    {
        using var module = Module.Compile(_engine, Wat.ToBinary("""(module (memory (export "memory") 1 10 shared) (data (i32.const 8) "\2a"))"""));
        using var first = new Store(_engine);
        using var second = new Store(_engine);
        var memory = new Linker(_engine).Instantiate(first, module).GetMemory("memory")!;

        var user = new Linker(_engine).Define("env", "memory", memory).Instantiate(second, _module);

        Assert.True(memory.Type.IsShared);
        Assert.Equal(42, user.GetFunction("load8")!.Call(8)[0].I32);
        Assert.Equal(0UL, second.MemoryBytes);
    }

    [Fact]
    public void Memory_NotShared_CannotBeSharedNorImportedAsShared()
    {
        using var store = new Store(_engine);
        var memory = new Memory(store, new MemoryType(new Limits(1, 10)));

        Assert.Throws<InvalidOperationException>(memory.Share);
        Assert.Throws<LinkException>(() => new Linker(_engine).Define("env", "memory", memory).InstantiatePre(_module));
        Assert.Throws<ArgumentException>(() => new SharedMemory(_engine, new MemoryType(new Limits(1, 10))));
        Assert.Throws<ArgumentException>(() => new SharedMemory(_engine, new MemoryType(new Limits(1, null), IsShared: true)));
    }

    private void OnThreads(int count, Action<Instance> run)
    {
        Exception? failure = null;
        var threads = Enumerable.Range(0, count).Select(_ => new Thread(() =>
        {
            try
            {
                using var store = new Store(_engine);
                run(_pre.Instantiate(store));
            }
            catch (Exception e)
            {
                failure = e;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Null(failure);
    }
}
