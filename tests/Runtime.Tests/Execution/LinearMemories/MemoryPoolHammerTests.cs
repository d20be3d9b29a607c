using HostService.Runtime.Errors;
using HostService.Runtime.Execution.LinearMemories;
using Xunit;

namespace HostService.Runtime.Tests.Execution.LinearMemories;

public sealed class MemoryPoolHammerTests
{
    private const int Threads = 4;

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Hammer_OneSlotPerThread_NeverExhaustedAndNeverDirty(string kind)
    {
        // As many slots as threads: each rent must find one, and every slot changes hands and images all the time.
        using MemoryPool pool = PoolKinds.Create(kind, slots: Threads);
        MemoryImage[] images = [.. Enumerable.Range(0, 3).Select(i => PoolKinds.Image((byte)(i * 40), (ulong)(i * 30_000), 20_000, pages: 2))];

        Run(seed =>
        {
            var random = new Random(seed);
            for (int round = 0; round < 600; round++)
            {
                int choice = random.Next(4);
                LinearMemory memory = pool.RentPages(2, image: choice < 3 ? images[choice] : null);
                Span<byte> bytes = memory.Span;
                int offset = choice < 3 ? choice * 30_000 : 0;
                int length = choice < 3 ? 20_000 : 0;
                Assert.False(bytes[..offset].ContainsAnyExcept((byte)0));
                Assert.True(bytes.Slice(offset, length).SequenceEqual(PoolKinds.Pattern((byte)(choice * 40), length)));
                Assert.False(bytes[(offset + length)..].ContainsAnyExcept((byte)0));
                memory.Grow((ulong)random.Next(3));
                memory.Span[random.Next(65_536)..].Fill((byte)random.Next(1, 256));
                pool.Return(memory);
            }
        });

        Assert.Equal(0, pool.GetStatistics().SlotsInUse);
        Assert.InRange(pool.GetStatistics().SlotsIdle, 1, Threads);
        Array.ForEach(images, image => image.Dispose());
    }

    [Fact]
    public void Hammer_TrimAndModulesComeAndGo_StaysConsistent()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages, slots: Threads);

        Run(seed =>
        {
            for (int round = 0; round < 150; round++)
            {
                using MemoryImage image = PoolKinds.Image((byte)(seed * 50), 100, 5_000, pages: 1);
                for (int use = 0; use < 5; use++)
                {
                    LinearMemory memory = pool.RentPages(1, image: image);
                    Assert.True(memory.Span.Slice(100, 5_000).SequenceEqual(PoolKinds.Pattern((byte)(seed * 50), 5_000)));
                    memory.Span.Fill(0xCC);
                    pool.Return(memory);
                    if (round % 10 == seed)
                        pool.Trim();
                }
            }
        });

        pool.Trim();
        Assert.Equal((0, 0L), (pool.GetStatistics().SlotsInUse, pool.GetStatistics().ResidentBytes));
        Assert.Equal(Threads * 150 * 5, pool.GetStatistics().Rents);
    }

    [Fact]
    public void Hammer_MoreThreadsThanSlots_RefusesCleanlyAndLosesNoSlot()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages, slots: 2);
        int refused = 0;

        Run(_ =>
        {
            for (int round = 0; round < 2_000; round++)
            {
                try
                {
                    LinearMemory memory = pool.RentPages(1);
                    memory.Slice(0, 1)[0]++;
                    Assert.Equal(1, memory.ReadOnlySlice(0, 1)[0]);
                    pool.Return(memory);
                }
                catch (ResourceLimitException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });

        MemoryPoolStatistics statistics = pool.GetStatistics();
        Assert.Equal(0, statistics.SlotsInUse);
        Assert.InRange(statistics.SlotsIdle, 1, 2);
        Assert.Equal((Threads * 2_000) - refused, statistics.Rents);
    }

    private static void Run(Action<int> body)
    {
        using var start = new Barrier(Threads);
        Task[] tasks = [.. Enumerable.Range(0, Threads).Select(seed => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                body(seed);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        Task.WaitAll(tasks);
    }
}
