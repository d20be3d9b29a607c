using HostService.Runtime.Execution.LinearMemories;
using Xunit;

namespace HostService.Runtime.Tests.Execution.LinearMemories;

public sealed unsafe class MemoryImageTests
{
    [Fact]
    public void Create_OverlappingSegments_LaterOnesWin()
    {
        using MemoryImage image = MemoryImage.Create(65_536, [
            new MemoryImageSegment(5_000, new byte[] { 1, 2, 3, 4 }),
            new MemoryImageSegment(5_002, new byte[] { 9, 9 }),
            new MemoryImageSegment(65_536, ReadOnlyMemory<byte>.Empty),
            new MemoryImageSegment(5_001, new byte[] { 7 })]);

        Assert.Equal(4_096UL, image.StartBytes);
        Assert.Equal(5_004UL, image.EndBytes);
        Assert.Equal(4_096UL, image.MappedBytes);
        Assert.Equal([1, 7, 9, 9, 0], new ReadOnlySpan<byte>(image.Bytes + 904, 5).ToArray());
    }

    [Fact]
    public void Create_NoData_HasNothingToMap()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages);
        using MemoryImage image = MemoryImage.Create(0, [new MemoryImageSegment(0, ReadOnlyMemory<byte>.Empty)]);

        Assert.Equal((0UL, 0UL), (image.EndBytes, image.MappedBytes));
        Assert.Equal(0UL, pool.RentPages(0, image: image).LengthBytes);
    }

    [Theory]
    [InlineData(65_533UL)]
    [InlineData(65_537UL)]
    [InlineData(ulong.MaxValue)]
    public void Create_SegmentOutside_Throws(ulong offset) =>
        Assert.Throws<ArgumentException>(() => MemoryImage.Create(65_536, [new MemoryImageSegment(offset, new byte[4])]));

    [Fact]
    public void Create_HundredThousandTinySegments_LaysThemAllOut()
    {
        byte[] data = PoolKinds.Pattern(1, 64);
        MemoryImageSegment[] segments = [.. Enumerable.Range(0, 100_000).Select(i => new MemoryImageSegment((ulong)i * 80, data))];
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages);
        using MemoryImage image = MemoryImage.Create(128 * 65_536, segments);

        LinearMemory memory = pool.RentPages(128, image: image);
        for (int i = 0; i < segments.Length; i += 997)
        {
            Assert.True(memory.ReadOnlySlice((ulong)i * 80, 64).SequenceEqual(data));
            Assert.False(memory.ReadOnlySlice(((ulong)i * 80) + 64, 16).ContainsAnyExcept((byte)0));
        }
    }

    [Fact]
    public void Create_SegmentsFarApart_TakesNoMemoryForTheHole()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.WrittenPages);
        using MemoryImage image = MemoryImage.Create(65_536UL * 65_536, [
            new MemoryImageSegment(0, new byte[] { 1 }),
            new MemoryImageSegment(uint.MaxValue, new byte[] { 2 })]);

        LinearMemory memory = pool.RentPages(65_536, image: image);
        Assert.Equal((1, 0, 2), (memory.Base[0], memory.Base[1U << 31], memory.Base[uint.MaxValue]));
        pool.Return(memory);
    }

    [Fact]
    public void Rent_ImageLongerThanTheMemory_Throws()
    {
        using MemoryPool pool = PoolKinds.Create(PoolKinds.Portable);
        using MemoryImage image = PoolKinds.Image(1, 65_530, 10);

        Assert.Throws<ArgumentException>(() => pool.RentPages(1, image: image));
    }

    [Fact]
    public void Rent_ImageOfAnotherPool_Throws()
    {
        using MemoryPool first = PoolKinds.Create(PoolKinds.Portable);
        using MemoryPool second = PoolKinds.Create(PoolKinds.Portable);
        using MemoryImage image = PoolKinds.Image(1, 0, 10);
        first.Return(first.RentPages(17, image: image));

        Assert.Throws<InvalidOperationException>(() => second.RentPages(17, image: image));
    }
}
