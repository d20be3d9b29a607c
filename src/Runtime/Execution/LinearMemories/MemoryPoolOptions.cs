namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>How much a <see cref="MemoryPool"/> may hold, and by which means it resets what it holds.</summary>
internal sealed record MemoryPoolOptions
{
    /// <summary>Memories alive at once, idle places included. Default 1,000: 8 TiB of the 128 TiB that a process can address, 4 of 65,530 mappings each.</summary>
    public int MaximumSlots { get; init; } = 1_000;

    /// <summary>Written pages that an idle slot keeps, in bytes. Default 1 MiB.</summary>
    // A kept page costs 70 ns per reset (33 to find it, 37 to copy it), a page given back 1.5 µs when it is written again; see docs/adr/0003.
    public long ResidentBytesPerSlot { get; init; } = 1 << 20;

    /// <summary>Written pages that all idle slots together keep, in bytes. Default 256 MiB: beyond it a returned memory gives all of its pages back.</summary>
    public long ResidentBytesTotal { get; init; } = 256 << 20;

    /// <summary>Where written pages cannot be found: the bytes at the start that are restored by copying; the rest is given back. Default 64 KiB.</summary>
    // Copying back 64 KiB costs 1.6 µs, giving it back and touching one page 3.6 µs; see docs/adr/0003.
    public long CopyThresholdBytes { get; init; } = 64 << 10;

    /// <summary>Whether emitted code relies on faults: then everything past a memory's length is inaccessible at once, at the price of a system call when a
    /// slot's length changes. Default false.</summary>
    public bool FaultsPastLength { get; init; }

    /// <summary>The room to grow for a 64-bit memory that declares no maximum, in bytes. Default 8 GiB, which a pooled slot has anyway.</summary>
    public ulong UnboundedReservationBytes { get; init; } = 8UL << 30;

    /// <summary>The most address space that one memory reserves, whatever its maximum says, in bytes. Default 256 GiB.</summary>
    public ulong MaximumReservationBytes { get; init; } = 256UL << 30;

    /// <summary>The room that one memory has where address space cannot be reserved, in bytes. Default 256 MiB.</summary>
    public ulong PortableCapacityBytes { get; init; } = 256UL << 20;

    /// <summary>A slot unused for between one and two of these gives its pages and its image back. Default 30 s; infinite never.</summary>
    public TimeSpan IdlePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How slots are made. Default: reservations on Linux, the heap elsewhere.</summary>
    public MemoryBackend Backend { get; init; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess ? MemoryBackend.Reserved : MemoryBackend.Portable;

    /// <summary>How many locks threads share. Default: one for each processor, at most 8.</summary>
    // One lock made two threads that rent and return unwritten memories slower than one thread alone; see docs/adr/0003.
    public int Shards { get; init; } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>How the kernel is asked which pages were written. Default: the best way that it offers.</summary>
    public PageTracking PageTracking { get; init; }

    /// <summary>The clock of <see cref="IdlePeriod"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>How a reset learns which pages were written.</summary>
internal enum PageTracking
{
    /// <summary>By the first of the following that there is.</summary>
    Automatic,

    /// <summary>The PAGEMAP_SCAN ioctl (Linux 6.7).</summary>
    Scan,

    /// <summary>The entries of <c>/proc/self/pagemap</c>, up to 256 MiB of them; longer memories as with <see cref="None"/>.</summary>
    Entries,

    /// <summary>Not at all: the start is copied back, the rest given back.</summary>
    None,
}

/// <summary>How a slot's bytes are obtained.</summary>
internal enum MemoryBackend
{
    /// <summary>Address space reserved once and made accessible as the memory grows; images mapped copy-on-write. Linux only.</summary>
    Reserved,

    /// <summary>Zeroed blocks of the native heap, of a fixed capacity. Works everywhere.</summary>
    Portable,
}
