using HostService.Runtime.Execution.LinearMemories;
using Xunit;

namespace HostService.Runtime.Tests.Execution.LinearMemories;

public sealed class MemoryPoolIdleTests
{
    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Trim_IdleSlots_GivesTheirPagesBackAndKeepsThemUsable(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind, slots: 4);
        using MemoryImage image = PoolKinds.Image(9, 0, 10_000);
        LinearMemory[] memories = [pool.RentPages(17, image: image), pool.RentPages(17, image: image), pool.RentPages(17)];
        foreach (LinearMemory memory in memories)
        {
            memory.Span[..8_192].Fill(1);
            pool.Return(memory);
        }

        pool.Trim();

        Assert.Equal(0, pool.GetStatistics().ResidentBytes);
        Assert.Equal(3, pool.GetStatistics().SlotsIdle);
        LinearMemory again = pool.RentPages(17, image: image);
        Assert.True(again.Span[..10_000].SequenceEqual(PoolKinds.Pattern(9, 10_000)));
        Assert.Equal(2, pool.GetStatistics().SlotsIdle);
    }

    [Fact]
    public void Idle_ForTwoPeriods_IsTrimmedWithoutBeingAsked()
    {
        var time = new ManualTimers();
        using var pool = new MemoryPool(PoolKinds.Options(PoolKinds.WrittenPages) with { TimeProvider = time, IdlePeriod = TimeSpan.FromSeconds(1) });
        LinearMemory memory = pool.RentPages(1);
        memory.Span.Fill(1);
        pool.Return(memory);
        Assert.True(time.IsRunning);

        time.Fire();
        Assert.Equal(65_536, pool.GetStatistics().ResidentBytes);
        time.Fire();
        Assert.Equal(0, pool.GetStatistics().ResidentBytes);
        Assert.False(time.IsRunning);   // nothing left to do: the timer rests until a memory comes back

        pool.Return(pool.RentPages(1));
        Assert.True(time.IsRunning);
    }

    [Fact]
    public void Return_PoolHoldsEnoughAlready_KeepsNothing()
    {
        using var pool = new MemoryPool(PoolKinds.Options(PoolKinds.WrittenPages) with { MaximumSlots = 3, ResidentBytesTotal = 65_536 });
        LinearMemory[] memories = [pool.RentPages(2), pool.RentPages(2), pool.RentPages(2)];
        foreach (LinearMemory memory in memories)
        {
            memory.Span.Fill(1);
            pool.Return(memory);
        }

        Assert.Equal(2 * 65_536, pool.GetStatistics().ResidentBytes);
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void DisposeImage_MappedInIdleAndRentedSlots_LeavesNoTrace(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind, slots: 2);
        MemoryImage image = PoolKinds.Image(9, 0, 10_000);
        LinearMemory rented = pool.RentPages(17, image: image);
        pool.Return(pool.RentPages(17, image: image));

        image.Dispose();

        Assert.True(rented.Span[..10_000].SequenceEqual(PoolKinds.Pattern(9, 10_000)));     // its instance lives on
        rented.Span[..100].Fill(0xFF);
        pool.Return(rented);
        Assert.Throws<ObjectDisposedException>(() => pool.RentPages(17, image: image));
        Assert.False(pool.RentPages(17).Span.ContainsAnyExcept((byte)0));
        Assert.False(pool.RentPages(17).Span.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void DisposeImage_OneThousandModules_LeavesNoMappingBehind()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages, slots: 4);
        for (int i = 0; i < 1_000; i++)
        {
            using MemoryImage image = PoolKinds.Image((byte)i, 0, 10_000);
            pool.Return(pool.RentPages(17, image: image));
        }

        // Other tests hold a few of their own at the same time.
        Assert.InRange(File.ReadLines("/proc/self/maps").Count(line => line.Contains("wasm-memory-image", StringComparison.Ordinal)), 0, 100);
        Assert.Equal(1, pool.GetStatistics().SlotsIdle);
    }

    private sealed class ManualTimers : TimeProvider, ITimer
    {
        private TimerCallback? _callback;
        private object? _state;

        public bool IsRunning { get; private set; }

        public void Fire()
        {
            Assert.True(IsRunning);
            _callback!(_state);
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state) = (callback, state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            IsRunning = dueTime != Timeout.InfiniteTimeSpan;
            return true;
        }

        public void Dispose() => IsRunning = false;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
