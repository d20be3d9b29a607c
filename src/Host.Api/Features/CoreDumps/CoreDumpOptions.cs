using System.ComponentModel.DataAnnotations;

namespace HostService.Host.Features.CoreDumps;

/// <summary>Core dumps of guests that trapped. Bound from <c>HostService:CoreDumps</c>, as in the variable <c>HostService__CoreDumps__Enabled</c>; a bad value stops the host at start.</summary>
public sealed class CoreDumpOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "HostService:CoreDumps";

    /// <summary>Whether traps leave a core dump in the data directory, of modules whose deployer has not said whether they do. Default false.</summary>
    // A dump holds what the guest's memory held, which may be confidential.
    public bool Enabled { get; init; }

    /// <summary>The most bytes of memories that a dump may have; what is beyond is left out. Default 64 MiB.</summary>
    // esbuild's whole memory is about that much.
    [Range(0, 1L << 32)]
    public long MaxMemoryBytes { get; init; } = 64 << 20;

    /// <summary>How many dumps of a tenant are kept: the latest. Default 8; with 0 there are none, whatever modules say.</summary>
    // Half a gigabyte of disk for each tenant at most.
    [Range(0, 1_000)]
    public int MaxPerTenant { get; init; } = 8;

    /// <summary>The least time between two dumps of a tenant, in seconds. Default 10.</summary>
    // A function that always traps must not keep the disk busy.
    [Range(0, 86_400)]
    public int SecondsBetween { get; init; } = 10;
}
