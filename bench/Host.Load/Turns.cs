namespace HostService.Load;

/// <summary>The order of runs: both sides warmed, then in turn, so that what disturbs the machine disturbs both.</summary>
internal static class Turns
{
    public static async Task RunAsync(Line line, string key, Options options)
    {
        await line.Baseline.WarmAsync(line.Scenario, key, options.Connections, options.Seconds);
        await line.Service.WarmAsync(line.Scenario, key, options.Connections, options.Seconds);
        for (var round = 0; round < options.Rounds; round++)
        {
            await line.Baseline.RunAsync(line.Scenario, key, options.Connections, options.Seconds);
            await line.Service.RunAsync(line.Scenario, key, options.Connections, options.Seconds);
        }
    }
}
