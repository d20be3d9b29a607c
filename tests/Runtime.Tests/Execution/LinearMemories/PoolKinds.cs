using HostService.Runtime.Execution.LinearMemories;
using Xunit;

namespace HostService.Runtime.Tests.Execution.LinearMemories;

/// <summary>The ways of making and resetting memories; what must hold for one must hold for all.</summary>
public static class PoolKinds
{
    public const string WrittenPages = "reserved, written pages found";
    public const string Entries = "reserved, written pages found by their entries";
    public const string Untracked = "reserved, written pages unknown";
    public const string FaultsPastLength = "reserved, exact protection";
    public const string SmallResidency = "reserved, two pages kept";
    public const string NothingKept = "reserved, no page kept";
    public const string Portable = "portable";

    public const uint WasmPageBytes = 65_536;

    public static TheoryData<string> All =>
        OperatingSystem.IsLinux() ? [WrittenPages, Entries, Untracked, FaultsPastLength, SmallResidency, NothingKept, Portable] : [Portable];

    internal static MemoryPool Create(string kind, int slots = 1) => new(Options(kind) with { MaximumSlots = slots });

    internal static MemoryPoolOptions Options(string kind)
    {
        var options = new MemoryPoolOptions { PortableCapacityBytes = 8 << 20, IdlePeriod = Timeout.InfiniteTimeSpan };
        return kind switch
        {
            WrittenPages => options,
            Entries => options with { PageTracking = PageTracking.Entries },
            Untracked => options with { PageTracking = PageTracking.None },
            FaultsPastLength => options with { FaultsPastLength = true },
            SmallResidency => options with { ResidentBytesPerSlot = 2 * Environment.SystemPageSize },
            NothingKept => options with { ResidentBytesTotal = -1 },
            Portable => options with { Backend = MemoryBackend.Portable },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind of pool"),
        };
    }

    internal static LinearMemory RentPages(this MemoryPool pool, ulong minimum, ulong? maximum = null, MemoryImage? image = null, IMemoryLimiter? limiter = null) =>
        pool.Rent(minimum, maximum, is64: false, pageSizeLog2: 16, image, limiter);

    /// <summary>An image of <paramref name="length"/> bytes at <paramref name="offset"/>, none of them zero.</summary>
    internal static MemoryImage Image(byte seed, ulong offset, int length, ulong pages = 17) =>
        MemoryImage.Create(pages * WasmPageBytes, [new MemoryImageSegment(offset, Pattern(seed, length))]);

    internal static byte[] Pattern(byte seed, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)(((i + seed) % 255) + 1);
        return bytes;
    }
}
