using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HostService.Runtime.Execution.Faults;
using HostService.Runtime.Execution.LinearMemories;
using HostService.Runtime.Tests.Execution.Faults;
using Xunit;

namespace HostService.Runtime.Tests.Execution.LinearMemories;

/// <summary>Slots of which only the pages can be written that their last users wrote: what anybody writes elsewhere all the same is undone too.</summary>
public sealed unsafe class MemoryWindowTests
{
    private const int PageBytes = 4_096;
    private const int Pages = 3;
    private const int LengthBytes = Pages * 65_536;
    private const int ImageAt = 65_000;
    private const int ImageLength = 60_000;

    // In the window, which is the page at 69,632 and those that the test names.
    private const int Usual = 70_000;

    // The first reset says what is written, and eight more that it stays so.
    private const int ResetsUntilNarrow = 9;

    [LinuxX64Fact]
    public void Return_EveryUserWritesTheSamePage_RestoresItUnasked()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        Use(pool, image, ResetsUntilNarrow);
        MemoryPoolStatistics before = pool.GetStatistics();
        Assert.Equal(0, before.ResetsUnasked);

        Use(pool, image, 5);
        MemoryPoolStatistics after = pool.GetStatistics();
        Assert.Equal(5, after.ResetsUnasked);
        Assert.Equal(before.Resets + 5, after.Resets);
        Assert.Equal(before.RestoredBytes + (5 * PageBytes), after.RestoredBytes);
        Assert.Equal(PageBytes, after.ResidentBytes);
    }

    [LinuxX64Theory]
    [InlineData("store")]
    [InlineData("first byte")]
    [InlineData("last byte")]
    [InlineData("across the window's start")]
    [InlineData("across the window's end")]
    [InlineData("atomic")]
    [InlineData("vector")]
    [InlineData("fill")]
    [InlineData("copy")]
    [InlineData("everything")]
    public void Write_OutsideOfTheWindow_GoesThroughAndIsUndone(string writer)
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        Narrow(pool, image);
        long unasked = pool.GetStatistics().ResetsUnasked;

        LinearMemory memory = pool.RentPages(Pages, image: image);
        Write(memory, writer, 0xA7);
        pool.Return(memory);

        Assert.Equal(unasked, pool.GetStatistics().ResetsUnasked);
        Use(pool, image, 1);
    }

    [LinuxX64Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_ByTheKernelIntoWhatTheHostWasHanded_GoesThroughAndIsUndone(bool unwritten)
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        using var file = File.OpenHandle(typeof(MemoryPool).Assembly.Location);
        byte[] expected = new byte[5_000];
        Assert.Equal(expected.Length, RandomAccess.Read(file, expected, 0));
        Narrow(pool, image);

        LinearMemory memory = pool.RentPages(Pages, image: image);
        Span<byte> target = memory.Slice(130_000, expected.Length);
        Assert.Equal(expected.Length, RandomAccess.Read(file, target, 0));
        Assert.True(target.SequenceEqual(expected));
        pool.Return(memory, unwritten);

        Use(pool, image, 1);
    }

    [LinuxX64Fact]
    public void Write_ByTheHostInsideTheWindow_IsUndoneUnasked()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        Narrow(pool, image);
        long unasked = pool.GetStatistics().ResetsUnasked;

        LinearMemory memory = pool.RentPages(Pages, image: image);
        memory.Slice(Usual + 100, 16).Fill(3);
        pool.Return(memory, unwritten: true);

        Assert.Equal(unasked + 1, pool.GetStatistics().ResetsUnasked);
        Use(pool, image, 1);
    }

    [LinuxX64Fact]
    public void Grow_OfANarrowedSlot_MakesZerosThatCanBeWrittenAndAreGoneAfterwards()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        for (int round = 0; round < 3; round++)
        {
            Narrow(pool, image);
            LinearMemory memory = pool.RentPages(Pages, image: image);
            Assert.Equal(Pages, memory.Grow(2));
            Assert.False(memory.ReadOnlySlice(LengthBytes, 2 * 65_536).ContainsAnyExcept((byte)0));
            NativeMemory.Fill(memory.Base, (nuint)memory.LengthBytes, 0xE1);
            pool.Return(memory);
        }

        Use(pool, image, 1);
    }

    [LinuxX64Fact]
    public void Touch_PastTheLengthOfANarrowedSlot_FaultsAsEver()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        Narrow(pool, image);

        LinearMemory memory = pool.RentPages(Pages, image: image);
        foreach (bool isWidened in (bool[])[false, true])
        {
            if (isWidened)
                FaultingCode.StoreLong(memory.Base, 10, 1);
            foreach (ulong address in (ulong[])[LengthBytes, LengthBytes + 70_000, uint.MaxValue])
            {
                Assert.Throws<NullReferenceException>(() => FaultingCode.StoreLong(memory.Base, address, 1));
                Assert.True(GuardPages.TryTakeFault(out nuint fault));
                Assert.Equal((nuint)memory.Base + (nuint)address, fault);
            }
        }

        pool.Return(memory);
        Use(pool, image, 1);
    }

    [LinuxX64Fact]
    public void Rent_OfANarrowedSlotForAnotherImageLengthOrForThreads_CanBeWrittenEverywhere()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        for (int kind = 0; kind < 4; kind++)
        {
            Narrow(pool, image);
            LinearMemory memory = kind switch
            {
                0 => pool.RentPages(Pages),
                1 => pool.RentPages(Pages - 1, image: image),
                2 => pool.RentPages(Pages + 1, image: image),
                _ => pool.Rent(Pages, Pages, is64: false, pageSizeLog2: 16, image, limiter: null, isShared: true),
            };
            byte* start = memory.Base;
            int length = (int)memory.LengthBytes;
            Parallel.For(0, 2, half => NativeMemory.Fill(start + (half * length / 2), (nuint)(length / 2), 0x3C));
            pool.Return(memory);
            Use(pool, image, 1);
        }
    }

    [LinuxX64Fact]
    public void Trim_OfANarrowedSlot_GivesItsPagesBackAndLeavesItUsable()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using (MemoryImage image = Image())
        {
            Narrow(pool, image);
            pool.Trim();
            Assert.Equal(0, pool.GetStatistics().ResidentBytes);
            Narrow(pool, image);
        }

        // The image is gone, and with it the window.
        Assert.Equal(0, pool.GetStatistics().ResidentBytes);
        LinearMemory memory = pool.RentPages(Pages);
        memory.Span.Fill(1);
        pool.Return(memory);
        Assert.False(pool.RentPages(Pages).Span.ContainsAnyExcept((byte)0));
    }

    [LinuxX64Fact]
    public void Return_WindowsThatBreakAtOnce_TakeLongerAndLongerToEarn()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        Use(pool, image, ResetsUntilNarrow);
        LinearMemory memory = pool.RentPages(Pages, image: image);
        memory.Base[Usual + PageBytes] = 1;
        pool.Return(memory);

        // Its reset is the first that finds the two pages, and sixteen more are wanted.
        Use(pool, image, 16);
        Assert.Equal(0, pool.GetStatistics().ResetsUnasked);
        Use(pool, image, 2);
        Assert.Equal(2, pool.GetStatistics().ResetsUnasked);
    }

    [LinuxX64Fact]
    public void Return_PagesFarApartWrittenOnce_AreGivenBackForTheSakeOfAWindow()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength);
        using MemoryImage image = Image();
        LinearMemory memory = pool.RentPages(Pages, image: image);
        memory.Base[0] = 1;
        memory.Base[LengthBytes - 1] = 1;
        pool.Return(memory);

        Use(pool, image, 64 + ResetsUntilNarrow + 1);
        Assert.Equal(PageBytes, pool.GetStatistics().ResidentBytes);
        Assert.NotEqual(0, pool.GetStatistics().ResetsUnasked);
    }

    [LinuxX64Fact]
    public void Hammer_MostlyTheSamePage_LeavesNothingForTheNextUser()
    {
        string[] writers = ["store", "first byte", "last byte", "across the window's start", "across the window's end", "atomic", "vector", "fill", "copy", "everything"];
        using MemoryPool pool = new(PoolKinds.Options(PoolKinds.FaultsPastLength) with { MaximumSlots = 4, ResidentBytesTotal = 200 * PageBytes });
        using MemoryImage image = Image();
        Parallel.For(0, 3, seed =>
        {
            var random = new Random(seed);
            for (int round = 0; round < 6_000; round++)
            {
                LinearMemory memory = pool.RentPages(Pages, image: image);
                AssertFresh(memory);
                memory.Base[Usual] = (byte)random.Next(1, 256);
                if (round % 128 == 127)
                    Write(memory, writers[random.Next(writers.Length)], (byte)random.Next(1, 256));
                if (round % 500 == 499)
                    memory.Grow(1);
                if (round % 700 == 699)
                    memory.Slice((ulong)random.Next(LengthBytes - 100), 100).Fill(9);
                pool.Return(memory);
                if (round % 1_500 == 1_499)
                    pool.Trim();
            }
        });

        MemoryPoolStatistics statistics = pool.GetStatistics();
        Assert.Equal(18_000, statistics.Resets);
        Assert.InRange(statistics.ResetsUnasked, 1, 17_999);
        Assert.Equal(0, statistics.SlotsInUse);
    }

    private static MemoryImage Image() => PoolKinds.Image(7, ImageAt, ImageLength, Pages);

    private static void Narrow(MemoryPool pool, MemoryImage image)
    {
        long before = pool.GetStatistics().ResetsUnasked;
        for (int round = 0; pool.GetStatistics().ResetsUnasked == before; round++)
        {
            Assert.InRange(round, 0, 200);
            Use(pool, image, 1);
        }
    }

    /// <summary>Users who find a fresh memory and write to the same page.</summary>
    private static void Use(MemoryPool pool, MemoryImage image, int times)
    {
        for (int i = 0; i < times; i++)
        {
            LinearMemory memory = pool.RentPages(Pages, image: image);
            AssertFresh(memory);
            memory.Base[Usual + i] = 0xFF;
            pool.Return(memory);
        }
    }

    private static void AssertFresh(LinearMemory memory)
    {
        ReadOnlySpan<byte> bytes = memory.ReadOnlySlice(0, LengthBytes);
        Assert.Equal(-1, bytes[..ImageAt].IndexOfAnyExcept((byte)0));
        Assert.True(bytes.Slice(ImageAt, ImageLength).SequenceEqual(PoolKinds.Pattern(7, ImageLength)));
        Assert.Equal(-1, bytes[(ImageAt + ImageLength)..].IndexOfAnyExcept((byte)0));
    }

    // As a guest and what works for it do: none of it is known to the pool.
    private static void Write(LinearMemory memory, string writer, byte value)
    {
        const int WindowStart = Usual / PageBytes * PageBytes;
        byte* start = memory.Base;
        switch (writer)
        {
            case "store":
                FaultingCode.StoreLong(start, 120_000, value);
                break;
            case "first byte":
                start[0] = value;
                break;
            case "last byte":
                start[LengthBytes - 1] = value;
                break;
            case "across the window's start":
                FaultingCode.StoreLong(start, WindowStart - 3, value * 0x0101_0101_0101_0101);
                break;
            case "across the window's end":
                FaultingCode.StoreLong(start, WindowStart + PageBytes - 5, value * 0x0101_0101_0101_0101);
                break;
            case "atomic":
                Interlocked.Add(ref *(int*)(start + 8_192), value);
                break;
            case "vector":
                Vector256.Store(Vector256.Create(value), start + 60_001);
                break;
            case "fill":
                NativeMemory.Fill(start + 1_000, 66_000, value);
                break;
            case "copy":
                NativeMemory.Copy(start + ImageAt, start + 1_234, 20_000);
                break;
            case "everything":
                NativeMemory.Fill(start, LengthBytes, value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(writer), writer, "unknown writer");
        }
    }
}
