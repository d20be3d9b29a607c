using HostService.Host.Features.CoreDumps;
using HostService.Host.Features.Modules;
using HostService.Host.Features.Tenants;
using HostService.Host.Observability;
using HostService.Host.Storage;
using HostService.Host.Storage.Sqlite;

namespace HostService.Host.Features;

/// <summary>Everything that has to be done before the first request. Hosted services start before the server listens.</summary>
internal sealed partial class HostStartup(
    SqliteDatabase database,
    SqliteModuleStore files,
    ITenantStore tenants,
    OperatorKey operatorKey,
    ModuleCatalog catalog,
    SampleModule sample,
    CoreDumpFolder dumps,
    EngineMetrics metrics,
    DataDirectory data,
    TimeProvider time,
    ILogger<HostStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Made here and not at the first scrape, so that what it observes is there from the start.
        ArgumentNullException.ThrowIfNull(metrics);
        database.Migrate();
        var orphans = files.RemoveOrphans();
        if (orphans > 0)
        {
            LogOrphans(orphans);
        }

        if (dumps.RemoveUnfinished() is > 0 and var unfinished)
        {
            LogUnfinished(unfinished);
        }

        operatorKey.Load();
        await tenants.AddTenantAsync(TenantContext.Default, time.GetUtcNow(), cancellationToken);
        var modules = await catalog.LoadAsync(cancellationToken);
        LogLoaded(modules.Count, data.Path);
        await sample.OfferOnceAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(10, LogLevel.Information, "{Count} modules are stored in {DataDirectory}.")]
    private partial void LogLoaded(int count, string dataDirectory);

    [LoggerMessage(11, LogLevel.Warning, "{Count} files were left by uploads that a crash interrupted; they were deleted.")]
    private partial void LogOrphans(int count);

    [LoggerMessage(12, LogLevel.Warning, "{Count} core dumps were left half-written by a crash; they were deleted.")]
    private partial void LogUnfinished(int count);
}
