using System.ComponentModel.DataAnnotations;

namespace HostService.Host.Features.Profiles;

/// <summary>How profiles of invocations are taken and kept. Bound from <c>HostService:Profiles</c>; a bad value stops the host at start.</summary>
public sealed class ProfileOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "HostService:Profiles";

    /// <summary>How many invocations are profiled at once. Default 4; 0 switches profiles off.</summary>
    // Each has a thread that wakes every millisecond, and some megabytes of tables while it runs.
    [Range(0, 64)]
    public int MaxConcurrent { get; init; } = 4;

    /// <summary>How many of them may be one tenant's. Default 2.</summary>
    // Half: the others are for everybody else.
    [Range(1, 64)]
    public int MaxConcurrentPerTenant { get; init; } = 2;

    /// <summary>The most samples of one profile. Default 10,000.</summary>
    // An answer of about a megabyte, which the Firefox profiler shows without delay; longer invocations get samples further apart.
    [Range(2, 1_000_000)]
    public int MaxSamples { get; init; } = 10_000;

    /// <summary>How many profiles of one tenant are kept; the oldest goes. Default 10.</summary>
    // Somebody who measures, changes and measures again looks at the last few.
    [Range(1, 1_000)]
    public int MaxPerTenant { get; init; } = 10;

    /// <summary>The most bytes that the profiles of all tenants may have, compressed; the oldest of the tenant that has most goes. Default 32 MiB.</summary>
    // They are kept in memory: a profile is looked at once and soon.
    [Range(1, int.MaxValue)]
    public int MaxStoredBytes { get; init; } = 32 << 20;
}
