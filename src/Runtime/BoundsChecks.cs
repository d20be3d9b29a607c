namespace HostService.Runtime;

/// <summary>How compiled code keeps memory accesses inside their memory.</summary>
/// <remarks>64-bit memories and memories with pages below 64 KiB are checked explicitly in every mode.</remarks>
public enum BoundsChecks
{
    /// <summary>Guard pages where the system can and a self-test at start passes, explicit checks elsewhere. The default.</summary>
    Automatic,

    /// <summary>A compare before each access. Works everywhere.</summary>
    Explicit,

    /// <summary>No compare: what lies beyond a memory is inaccessible, and the processor's fault becomes a trap. Linux on x64 only.</summary>
    GuardPages,
}
