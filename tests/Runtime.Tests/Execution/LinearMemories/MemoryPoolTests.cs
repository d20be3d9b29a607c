using System.Globalization;
using System.Runtime.CompilerServices;
using HostService.Runtime.Errors;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Tests.Execution.Faults;
using Xunit;

namespace HostService.Runtime.Tests.Execution.LinearMemories;

public sealed unsafe class MemoryPoolTests
{
    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Rent_AllSlotsInUse_ThrowsUntilOneReturns(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind, slots: 2);
        LinearMemory first = pool.RentPages(1);
        pool.RentPages(1);

        var refused = Assert.Throws<ResourceLimitException>(() => pool.RentPages(1));
        Assert.Contains("All 2 memory slots", refused.Message, StringComparison.Ordinal);
        pool.Return(first);
        Assert.Equal(1UL, pool.RentPages(1).LengthPages);
    }

    [Fact]
    public void Rent_SameImageAgain_GetsTheSlotThatHasIt()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages, slots: 8);
        MemoryImage[] images = [.. Enumerable.Range(1, 4).Select(seed => PoolKinds.Image((byte)seed, 0, 10_000))];
        nint[] places = new nint[images.Length];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < images.Length; i++)
            {
                LinearMemory memory = pool.RentPages(17, image: images[i]);
                if (round == 0)
                    places[i] = (nint)memory.Base;
                Assert.Equal(places[i], (nint)memory.Base);
                pool.Return(memory);
            }
        }

        Assert.Equal(8, pool.GetStatistics().AffinityHits);
        Assert.Equal(4, pool.GetStatistics().SlotsIdle);
        Array.ForEach(images, image => image.Dispose());
    }

    [LinuxX64Fact]
    public void Rent_AfterAPlaceMadeToMeasureCameBackUnwritten_HasAGuard()
    {
        using var pool = new MemoryPool(PoolKinds.Options(PoolKinds.FaultsPastLength) with { MaximumSlots = 1 });
        LinearMemory large = pool.Rent(1, 1UL << 20, is64: true, pageSizeLog2: 16, image: null, limiter: null);
        pool.Return(large, unwritten: true);

        // Compiled code checks no bounds: were this the large one's place, an access past its end would end the process.
        Assert.True(pool.RentPages(1).HasGuard);
    }

    [Fact]
    public void Rent_NoSlotLeftForANewImage_TakesTheLongestUnused()
    {
        // The order is exact within a shard; between shards it is as fine as the idle period.
        using var pool = new MemoryPool(PoolKinds.Options(PoolKinds.WrittenPages) with { MaximumSlots = 2, Shards = 1 });
        using MemoryImage first = PoolKinds.Image(1, 0, 10_000);
        using MemoryImage second = PoolKinds.Image(2, 0, 10_000);
        using MemoryImage third = PoolKinds.Image(3, 0, 10_000);
        pool.Return(pool.RentPages(17, image: first));
        pool.Return(pool.RentPages(17, image: second));
        pool.Return(pool.RentPages(17, image: third));
        pool.Return(pool.RentPages(17, image: second));

        Assert.Equal(1, pool.GetStatistics().AffinityHits);
    }

    [Fact]
    public void Rent_LengthShrinksWithFaultsPastLength_MakesTheRestInaccessible()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        LinearMemory memory = pool.RentPages(9);
        memory.Span.Fill(1);
        pool.Return(memory);

        memory = pool.RentPages(2);
        Assert.Equal("rw-p", ProtectionOf((nint)memory.Base + (2 * 65_536) - 1));
        Assert.Equal("---p", ProtectionOf((nint)memory.Base + (2 * 65_536)));
        memory.Grow(1);
        Assert.Equal("rw-p", ProtectionOf((nint)memory.Base + (3 * 65_536) - 1));
        Assert.Equal("---p", ProtectionOf((nint)memory.Base + (3 * 65_536)));
        Assert.Equal("---p", ProtectionOf((nint)memory.Base - 1));
        Assert.Equal("---p", ProtectionOf((nint)(memory.Base + (8UL << 30) + 65_535)));
    }

    [Fact]
    public void Return_ToAnotherPool_Throws()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.Portable);
        using MemoryPool other = PoolKinds.Create(PoolKinds.Portable);
        LinearMemory memory = pool.RentPages(1);

        Assert.Throws<ArgumentException>(() => other.Return(memory));
        Assert.Equal(1UL, memory.LengthPages);
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Return_ByAFinalizerAfterTheImageIsFinalized_EmptiesTheSlot(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        RentWriteAndDrop(pool);
        for (int attempt = 0; attempt < 10 && pool.GetStatistics().SlotsInUse > 0; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, pool.GetStatistics().SlotsInUse);
        Assert.False(pool.RentPages(17).Span.ContainsAnyExcept((byte)0));
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Dispose_MemoryStillRented_StaysUsableAndIsReleasedOnReturn(string kind)
    {
        MemoryPool pool = PoolKinds.Create(kind, slots: 2);
        pool.Return(pool.RentPages(1));
        LinearMemory memory = pool.RentPages(1);
        pool.Dispose();

        memory.Base[100] = 1;
        pool.Return(memory);
        Assert.Equal((0, 0), (pool.GetStatistics().SlotsInUse, pool.GetStatistics().SlotsIdle));
        Assert.Throws<ObjectDisposedException>(() => pool.RentPages(1));
    }

    [Fact]
    public void Rent_SteadyState_AllocatesOneSmallObject()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages);
        using MemoryImage image = PoolKinds.Image(1, 0, 10_000);
        pool.Return(pool.RentPages(17, image: image));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            pool.Return(pool.RentPages(17, image: image));

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 1, 100);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RentWriteAndDrop(MemoryPool pool)
    {
        LinearMemory memory = pool.RentPages(17, image: PoolKinds.Image(7, 0, 100_000));
        memory.Span.Fill(0x77);
        _ = new DroppedStore(pool, memory);
    }

    private static string ProtectionOf(nint address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] parts = line.Split([' ', '-'], 4);
            if (address >= nint.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                && address < nint.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                return line.Split(' ')[1];
        }

        return "unmapped";
    }

    /// <summary>Gives a memory back when it is finalized, in whatever order that comes with the image's own finalizer.</summary>
    private sealed class DroppedStore(MemoryPool pool, LinearMemory memory)
    {
        ~DroppedStore() => pool.Return(memory);
    }
}
