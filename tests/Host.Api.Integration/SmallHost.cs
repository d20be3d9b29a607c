namespace HostService.Host.Integration;

/// <summary>A host with limits that are quickly reached.</summary>
public sealed class SmallHost : RunningHost
{
    public const int MaxOutputBytes = 10_000;
    public const int MaxRequestBytes = 20_000;
    public const int MaxModuleBytes = 30_000;

    public SmallHost()
        : base(new Dictionary<string, string?>
        {
            ["HostService:Limits:MaxMemoryPages"] = "10",
            ["HostService:Limits:MaxTableElements"] = "1000",
            ["HostService:Limits:CpuMilliseconds"] = "100",
            ["HostService:Limits:WallMilliseconds"] = "6000",
            ["HostService:Limits:StackBytes"] = "65536",
            ["HostService:Limits:MaxOutputBytes"] = $"{MaxOutputBytes}",
            ["HostService:Limits:MaxRequestBytes"] = $"{MaxRequestBytes}",
            ["HostService:Limits:MaxModuleBytes"] = $"{MaxModuleBytes}",
            ["HostService:Limits:MaxLogBytes"] = "100",
        })
    {
    }
}
