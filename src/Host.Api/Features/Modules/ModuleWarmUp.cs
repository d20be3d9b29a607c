namespace HostService.Host.Features.Modules;

/// <summary>In the background: makes stored modules ready after a start.</summary>
internal sealed partial class ModuleWarmUp(ModuleCatalog catalog, TimeProvider time, ILogger<ModuleWarmUp> logger) : BackgroundService
{
    // One after another, so that a compilation that a call waits for always finds a free slot when there are two.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var entries = catalog.Entries.Where(entry => entry.Lease.Ready is null).OrderByDescending(entry => entry.LastUsedAt).ToList();
        if (entries.Count == 0)
        {
            return;
        }

        var started = time.GetTimestamp();
        foreach (var entry in entries)
        {
            try
            {
                await catalog.CodeAsync(entry, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception) when (catalog.Find(entry.Stored.Tenant, entry.Stored.Name) is null)
            {
                // It was removed while its turn came, and nobody wants it any more.
            }
            catch (Exception failure)
            {
                // Its own calls will say so; the others have nothing to do with it.
                LogNotCompiled(failure, entry.Stored.Tenant, entry.Stored.Name, entry.Stored.Current.Version);
            }
        }

        var loaded = entries.Count(entry => entry.Lease.Ready?.Origin == CodeOrigin.Artifact);
        LogWarm(entries.Count, time.GetElapsedTime(started).TotalSeconds, loaded);
    }

    [LoggerMessage(210, LogLevel.Information, "{Count} stored modules were made ready in {Seconds:0.0} s, {Loaded} of them from code that was kept.")]
    private partial void LogWarm(int count, double seconds, int loaded);

    [LoggerMessage(211, LogLevel.Error, "The stored module {Tenant}/{Module} (version {Version}) could not be made ready.")]
    private partial void LogNotCompiled(Exception failure, string tenant, string module, int version);
}
