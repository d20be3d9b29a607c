using HostService.Runtime.Errors;
using HostService.Runtime.Execution.LinearMemories;
using Xunit;

namespace HostService.Runtime.Tests.Execution.LinearMemories;

public sealed unsafe class LinearMemoryTests
{
    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Grow_WithinMaximum_ReturnsPreviousLengthAndNeverMoves(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        LinearMemory memory = pool.RentPages(1, 5);
        byte* start = memory.Base;
        start[65_535] = 42;

        Assert.Equal(1, memory.Grow(2));
        Assert.Equal(3, memory.Grow(0));
        Assert.Equal(3, memory.Grow(2));

        Assert.Equal(5UL, memory.LengthPages);
        Assert.Equal(5UL * PoolKinds.WasmPageBytes, memory.LengthBytes);
        Assert.True(start == memory.Base);
        Assert.Equal(42, start[65_535]);
        Assert.False(memory.Span[65_536..].ContainsAnyExcept((byte)0));
        start[memory.LengthBytes - 1] = 1;
        pool.Return(memory);
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Grow_PastMaximum_ReturnsMinusOneAndChangesNothing(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        LinearMemory memory = pool.RentPages(1, 3);

        Assert.Equal(-1, memory.Grow(3));
        Assert.Equal(-1, memory.Grow(ulong.MaxValue));
        Assert.Equal(1UL, memory.LengthPages);
        Assert.Equal(3UL, memory.MaximumPages);
        Assert.Equal(1, memory.Grow(2));
        Assert.Equal(-1, memory.Grow(1));
    }

    [Fact]
    public void Grow_32BitWithoutMaximum_ReachesAll65536Pages()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages);
        LinearMemory memory = pool.RentPages(0);

        Assert.Null(memory.MaximumPages);
        Assert.Equal(0, memory.Grow(65_536));
        memory.Base[uint.MaxValue] = 7;
        Assert.Equal(-1, memory.Grow(1));
        Assert.Throws<InvalidOperationException>(() => _ = memory.Span.Length);
        pool.Return(memory);

        memory = pool.RentPages(65_536);
        Assert.Equal(0, memory.Base[uint.MaxValue]);
        pool.Return(memory);
    }

    [Fact]
    public void Grow_64BitBeyondEightGigabytes_GetsItsOwnReservation()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages);
        LinearMemory memory = pool.Rent(1, 1UL << 20, is64: true, pageSizeLog2: 16, image: null, limiter: null);
        byte* start = memory.Base;

        Assert.Equal(1, memory.Grow(9 * 16_384));
        Assert.True(start == memory.Base);
        start[memory.LengthBytes - 1] = 9;
        Assert.False(memory.HasGuard);
        pool.Return(memory);
        Assert.Equal(0, pool.GetStatistics().SlotsIdle);
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Grow_PagesOfOneByte_CountsBytes(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        LinearMemory memory = pool.Rent(10, 20_000, is64: false, pageSizeLog2: 0, image: null, limiter: null);

        Assert.False(memory.HasGuard);
        Assert.Equal(10, memory.Grow(9_990));
        Assert.Equal(10_000UL, memory.LengthBytes);
        memory.Slice(9_999, 1)[0] = 1;
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = memory.Slice(9_999, 2).Length);
        Assert.Equal(-1, memory.Grow(10_001));
        pool.Return(memory);
        Assert.Equal(0, pool.Rent(10_000, null, is64: false, pageSizeLog2: 0, image: null, limiter: null).ReadOnlySlice(9_999, 1)[0]);
    }

    [Fact]
    public void Grow_LimiterRefuses_ReturnsMinusOne()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.Portable);
        var limiter = new RecordingLimiter(allowedBytes: 2 * PoolKinds.WasmPageBytes);
        LinearMemory memory = pool.RentPages(1, 10, limiter: limiter);

        Assert.Equal(1, memory.Grow(1));
        Assert.Equal(-1, memory.Grow(1));
        Assert.Equal([(0UL, 65_536UL), (65_536UL, 131_072UL), (131_072UL, 196_608UL)], limiter.Asked);
        Assert.Equal(10UL * PoolKinds.WasmPageBytes, limiter.MaximumBytes);
    }

    [Fact]
    public void Grow_PlaceTooSmall_TakesTheGrantBack()
    {
        using var pool = new MemoryPool(PoolKinds.Options(PoolKinds.Portable) with { PortableCapacityBytes = 4 * PoolKinds.WasmPageBytes });
        var limiter = new RecordingLimiter(allowedBytes: ulong.MaxValue);
        LinearMemory memory = pool.RentPages(1, limiter: limiter);

        Assert.Equal(-1, memory.Grow(100));
        Assert.Equal(1UL, memory.LengthPages);
        Assert.Single(limiter.Asked);   // the place was asked first
    }

    [Fact]
    public void Rent_LimiterRefuses_Throws()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.Portable);

        var refused = Assert.Throws<ResourceLimitException>(() => pool.RentPages(3, limiter: new RecordingLimiter(allowedBytes: 65_536)));
        Assert.Contains("3 pages", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, pool.GetStatistics().SlotsInUse);
    }

    [Fact]
    public void Slice_AcrossTheEnd_Throws()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.Portable);
        LinearMemory memory = pool.RentPages(1);

        Assert.Equal(0, memory.ReadOnlySlice(65_536, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = memory.ReadOnlySlice(65_535, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = memory.Slice(ulong.MaxValue, 2).Length);
        Assert.False(memory.TryGetPointer(65_530, 7, out byte* none));
        Assert.True(none == null);
        Assert.True(memory.TryGetPointer(65_530, 6, out byte* last));
        Assert.True(last == memory.Base + 65_530);
    }

    [Theory]
    [MemberData(nameof(PoolKinds.All), MemberType = typeof(PoolKinds))]
    public void Memory_AfterReturn_ReachesNothing(string kind)
    {
        using MemoryPool pool = PoolKinds.Create(kind);
        LinearMemory stale = pool.RentPages(1);
        pool.Return(stale);
        LinearMemory fresh = pool.RentPages(1);

        Assert.Equal(0UL, stale.LengthBytes);
        Assert.False(stale.Base == fresh.Base);
        Assert.Throws<ObjectDisposedException>(() => stale.Grow(1));
        pool.Return(stale);     // a second time: nothing happens to the new user's memory
        fresh.Base[0] = 1;
        Assert.Equal(1, pool.GetStatistics().SlotsInUse);
    }

    [Fact]
    public void HasGuard_32Bit_OnlyWithWholeSystemPages()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.FaultsPastLength, slots: 3);
        using MemoryPool lax = PoolKinds.Create(PoolKinds.WrittenPages);

        Assert.Equal(pool.SupportsGuards, pool.RentPages(1).HasGuard);
        Assert.False(lax.RentPages(1).HasGuard);     // a longer memory before it leaves pages accessible
        Assert.False(pool.Rent(1, 1, is64: true, pageSizeLog2: 16, image: null, limiter: null).HasGuard);
        Assert.False(pool.Rent(1, 1, is64: false, pageSizeLog2: 0, image: null, limiter: null).HasGuard);
    }

    private sealed class RecordingLimiter(ulong allowedBytes) : IMemoryLimiter
    {
        public List<(ulong Current, ulong Desired)> Asked { get; } = [];

        public ulong? MaximumBytes { get; private set; }

        public bool TryGrow(ulong currentBytes, ulong desiredBytes, ulong? maximumBytes)
        {
            Asked.Add((currentBytes, desiredBytes));
            MaximumBytes = maximumBytes;
            return desiredBytes <= allowedBytes;
        }
    }
}
