namespace HostService.Host.Integration;

/// <summary>The service with core dumps switched on, two for each tenant.</summary>
public sealed class CoreDumpHost : RunningHost
{
    public CoreDumpHost()
        : base(new Dictionary<string, string?>
        {
            ["HostService:CoreDumps:Enabled"] = "true",
            ["HostService:CoreDumps:MaxPerTenant"] = "2",
            ["HostService:CoreDumps:SecondsBetween"] = "0",
        })
    {
    }
}
