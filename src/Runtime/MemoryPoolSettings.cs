using HostService.Runtime.Execution.LinearMemories;

namespace HostService.Runtime;

/// <summary>How an <see cref="Engine"/> pools linear memories. Immutable.</summary>
public sealed record MemoryPoolSettings
{
    /// <summary>How many memories may be alive at once, at least 1. Default 1,000: on Linux each reserves 8 GiB of the 128 TiB of address space that a process has.</summary>
    public int MaxMemories { get; init; } = 1_000;

    /// <summary>How many written bytes, 0 or more, an idle slot keeps for its next user, after putting them back to their first contents. Default 1 MiB.</summary>
    public long MaxResidentBytesPerMemory { get; init; } = 1 << 20;

    /// <summary>How many such bytes, 0 or more, all idle slots keep together. Default 256 MiB; beyond it a returned memory gives all its pages to the system.</summary>
    public long MaxResidentBytes { get; init; } = 256 << 20;

    /// <summary>How long a slot may be unused before its pages go back to the system, more than zero; <see cref="Timeout.InfiniteTimeSpan"/> for never. Default 30 seconds.</summary>
    public TimeSpan IdlePeriod { get; init; } = TimeSpan.FromSeconds(30);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMemories, 1, nameof(MaxMemories));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxResidentBytesPerMemory, nameof(MaxResidentBytesPerMemory));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxResidentBytes, nameof(MaxResidentBytes));
        if (IdlePeriod != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdlePeriod, TimeSpan.Zero, nameof(IdlePeriod));
        }
    }

    internal MemoryPoolOptions ToPoolOptions() => new()
    {
        MaximumSlots = MaxMemories,
        ResidentBytesPerSlot = MaxResidentBytesPerMemory,
        ResidentBytesTotal = MaxResidentBytes,
        IdlePeriod = IdlePeriod,
    };
}
