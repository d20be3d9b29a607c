namespace HostService.Host.Storage;

/// <summary>Whether the traps of a module leave core dumps.</summary>
public enum CoreDumpChoice
{
    /// <summary>As the service's settings say.</summary>
    Default,

    /// <summary>They do.</summary>
    On,

    /// <summary>They don't.</summary>
    Off,
}
