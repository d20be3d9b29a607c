using HostService.Runtime.Execution.LinearMemories;
using Xunit;

namespace HostService.Runtime.Tests.Execution.LinearMemories;

/// <summary>Nothing written by one user is readable by the next. Pages that were swapped out in between are not reached: test machines have no swap.</summary>
public sealed unsafe class MemoryResetTests
{
    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Return_EveryByteWritten_LeavesZeros(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        for (int round = 0; round < 3; round++)
        {
            LinearMemory memory = pool.RentPages(4);
            Assert.False(memory.Span.ContainsAnyExcept((byte)0));
            memory.Span.Fill(0xA5);
            pool.Return(memory);
        }
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Return_GrownPagesWritten_LeavesZerosForWhoGrowsNext(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        using MemoryImage image = PoolKinds.Image(1, 100, 70_000, pages: 2);
        foreach (ulong growth in (ulong[])[30, 1, 60, 3, 30])
        {
            LinearMemory memory = pool.RentPages(2, image: image);
            AssertImage(memory.Span, 1, 100, 70_000);
            Assert.Equal(2, memory.Grow(growth));
            Assert.False(memory.Span[(2 * 65_536)..].ContainsAnyExcept((byte)0));
            memory.Span.Fill(0x5A);
            pool.Return(memory);
        }
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Return_ImageOverwritten_RestoresTheImage(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        using MemoryImage image = PoolKinds.Image(3, 5_000, 60_000);
        for (int round = 0; round < 200; round++)
        {
            // Past the 64th reset, pages that hold their initial contents already are given back: this must not show.
            LinearMemory memory = pool.RentPages(17, image: image);
            AssertImage(memory.Span, 3, 5_000, 60_000);
            int written = round < 10 ? 40 : 3;
            for (int page = 0; page < written; page++)
                memory.Base[(page * 4_096) + 17] = 0xFF;
            pool.Return(memory);
        }
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Return_DifferentImagesInTurn_EachSeesItsOwn(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        using MemoryImage low = PoolKinds.Image(10, 0, 50_000);
        using MemoryImage high = PoolKinds.Image(20, 900_000, 100_000);
        for (int round = 0; round < 12; round++)
        {
            (MemoryImage? image, byte seed, ulong offset, int length) =
                (round % 3) switch { 0 => (low, (byte)10, 0UL, 50_000), 1 => (high, (byte)20, 900_000UL, 100_000), _ => ((MemoryImage?)null, (byte)0, 0UL, 0) };
            LinearMemory memory = pool.RentPages(17, image: image);
            AssertImage(memory.Span, seed, offset, length);
            memory.Span.Fill(0xEE);
            pool.Return(memory);
        }
    }

    [Theory]
    [InlineData(PoolKinds.WrittenPages)]
    [InlineData(PoolKinds.Entries)]
    public void Return_MoreRunsOfWrittenPagesThanFitOneAnswer_RestoresAll(string kind)
    {
        // 500 runs of one page each: the kernel is asked eight times.
        using var pool = new MemoryPool(PoolKinds.Options(kind) with { MaximumSlots = 1, ResidentBytesPerSlot = 64 << 20 });
        for (int round = 0; round < 2; round++)
        {
            LinearMemory memory = pool.RentPages(64);
            Assert.False(memory.Span.ContainsAnyExcept((byte)0));
            for (int page = 0; page < 1_000; page += 2)
                memory.Base[page * 4_096] = 1;
            pool.Return(memory);
        }

        // Entries do not tell pages that were only read, as by the assertion above, from written ones: they count too.
        Assert.InRange(pool.GetStatistics().ResidentBytes, 500 * 4_096, kind == PoolKinds.Entries ? 64 * 65_536 : 500 * 4_096);
    }

    [Fact]
    public void Return_MorePagesThanMayStay_KeepsTheFirst()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.SmallResidency);
        LinearMemory memory = pool.RentPages(17);
        memory.Span.Fill(1);
        pool.Return(memory);

        Assert.Equal(2 * Environment.SystemPageSize, pool.GetStatistics().ResidentBytes);
        Assert.False(pool.RentPages(17).Span.ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(PoolKinds.WrittenPages)]
    [InlineData(PoolKinds.Entries)]
    public void Return_PagesOnlyRead_CostNothingToRestore(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        using MemoryImage image = PoolKinds.Image(1, 0, 50_000);
        LinearMemory memory = pool.RentPages(17, image: image);
        int sum = 0;
        for (int page = 0; page < 272; page++)
            sum += memory.Base[page * 4_096];
        memory.Base[200_000] = 1;
        pool.Return(memory);

        Assert.NotEqual(0, sum);
        Assert.Equal(4_096, pool.GetStatistics().RestoredBytes);
    }

    [Fact]
    public void Return_PagesWrittenLongAgo_AreGivenBackInTime()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages);
        LinearMemory memory = pool.RentPages(17);
        memory.Span[..(100 * 4_096)].Fill(1);
        pool.Return(memory);
        Assert.Equal(100 * 4_096, pool.GetStatistics().ResidentBytes);

        for (int round = 0; round < 64; round++)
        {
            memory = pool.RentPages(17);
            memory.Base[5 * 4_096] = 1;
            pool.Return(memory);
        }

        Assert.Equal(4_096, pool.GetStatistics().ResidentBytes);
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Return_KnownUnwritten_SkipsTheResetUnlessTheHostWrote(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        pool.Return(pool.RentPages(1), unwritten: true);
        Assert.Equal(1, pool.GetStatistics().ResetsSkipped);

        LinearMemory memory = pool.RentPages(1);
        memory.Slice(10, 1)[0] = 1;
        pool.Return(memory, unwritten: true);
        Assert.Equal(1, pool.GetStatistics().Resets);
        Assert.Equal(0, pool.RentPages(1).ReadOnlySlice(10, 1)[0]);
    }

    [Fact]
    public void Return_HostKnownToHaveWrittenOnePage_RestoresThatPageAlone()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages);
        LinearMemory memory = pool.RentPages(17);
        for (int page = 0; page < 3; page++)
            memory.Base[page * 4_096] = 1;
        pool.Return(memory);

        long before = WriteAsHost(pool, 4_096, 100);
        Assert.Equal(3 * 4_096, pool.GetStatistics().RestoredBytes - before);    // the first time the kernel is asked, and names what is resident
        before = WriteAsHost(pool, 4_200, 8);
        Assert.Equal(4_096, pool.GetStatistics().RestoredBytes - before);
        before = WriteAsHost(pool, 8_190, 4);
        Assert.Equal(3 * 4_096, pool.GetStatistics().RestoredBytes - before);    // pages that are not known to be counted
        before = WriteAsHost(pool, 8_190, 4);
        Assert.Equal(2 * 4_096, pool.GetStatistics().RestoredBytes - before);
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Return_RandomWritesOfTheHostAlone_AreUndone(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        using MemoryImage image = PoolKinds.Image(50, 4_095, 30_000, pages: 3);
        var random = new Random(20_261_123);
        for (int round = 0; round < 600; round++)
        {
            bool hasImage = random.Next(8) > 0;
            bool guestRuns = random.Next(6) == 0;
            LinearMemory memory = pool.RentPages((ulong)random.Next(3, 5), image: hasImage ? image : null);
            AssertImage(memory.ReadOnlySlice(0, (int)memory.LengthBytes), 50, hasImage ? 4_095UL : 0, hasImage ? 30_000 : 0);
            if (random.Next(4) == 0)
                memory.Grow((ulong)random.Next(4));
            for (int writes = random.Next(3); writes > 0; writes--)
                memory.Slice((ulong)((random.Next(3) * 4_096) + random.Next(4_096)), 100).Fill((byte)random.Next(1, 256));
            if (guestRuns)
                memory.Base[random.Next((int)memory.LengthBytes)] = 255;
            pool.Return(memory, unwritten: !guestRuns);
        }
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Return_RandomUses_NeverShowWhatAnotherWrote(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind, slots: 2);
        using MemoryImage first = PoolKinds.Image(50, 4_095, 30_000, pages: 3);
        using MemoryImage second = PoolKinds.Image(60, 66_000, 9_000, pages: 3);
        var random = new Random(20_261_122);
        for (int round = 0; round < 400; round++)
        {
            (MemoryImage? image, byte seed, ulong offset, int length) =
                random.Next(3) switch { 0 => (first, (byte)50, 4_095UL, 30_000), 1 => (second, (byte)60, 66_000UL, 9_000), _ => ((MemoryImage?)null, (byte)0, 0UL, 0) };
            LinearMemory memory = pool.RentPages((ulong)random.Next(3, 6), image: image);
            AssertImage(memory.Span, seed, offset, length);
            int before = (int)memory.LengthBytes;
            memory.Grow((ulong)random.Next(25));
            Assert.False(memory.Span[before..].ContainsAnyExcept((byte)0));
            for (int writes = random.Next(60); writes > 0; writes--)
                memory.Span.Slice(random.Next((int)memory.LengthBytes - 100), 100).Fill((byte)random.Next(1, 256));
            pool.Return(memory);
        }
    }

    /// <returns>What had been restored before.</returns>
    private static long WriteAsHost(MemoryPool pool, ulong address, int length)
    {
        long before = pool.GetStatistics().RestoredBytes;
        LinearMemory memory = pool.RentPages(17);
        Assert.False(memory.ReadOnlySlice(0, (int)memory.LengthBytes).ContainsAnyExcept((byte)0));
        memory.Slice(address, length).Fill(1);
        pool.Return(memory, unwritten: true);
        return before;
    }

    private static void AssertImage(ReadOnlySpan<byte> bytes, byte seed, ulong offset, int length)
    {
        Assert.False(bytes[..(int)offset].ContainsAnyExcept((byte)0));
        Assert.True(bytes.Slice((int)offset, length).SequenceEqual(PoolKinds.Pattern(seed, length)));
        Assert.False(bytes[((int)offset + length)..].ContainsAnyExcept((byte)0));
    }
}
