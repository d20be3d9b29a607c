using System.Collections.Concurrent;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>In the background: makes stored modules ready after a start, and notes now and then which ones were used.</summary>
internal sealed partial class ModuleUpkeep(ModuleCatalog catalog, IModuleStore store, TimeProvider time, ILogger<ModuleUpkeep> logger) : BackgroundService
{
    // What a crash may lose is the order in which modules are compiled after the next start.
    private static readonly TimeSpan s_noteInterval = TimeSpan.FromSeconds(15);

    // Two may note at once: the timer's tick, and a host that is stopped from two sides.
    private readonly ConcurrentDictionary<(string Tenant, string Name), DateTimeOffset> _noted = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await NoteUseAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var entry in catalog.Entries)
        {
            _noted[(entry.Stored.Tenant, entry.Stored.Name)] = entry.Stored.LastUsedAt;
        }

        await Task.Yield();
        await WarmUpAsync(stoppingToken);
        using var timer = new PeriodicTimer(s_noteInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await NoteUseAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    // One after another, so that a compilation that a call waits for always finds a free slot when there are two.
    private async Task WarmUpAsync(CancellationToken stoppingToken)
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

    private async Task NoteUseAsync(CancellationToken cancellationToken)
    {
        var uses = catalog.Entries
            .Select(entry => new ModuleUse(entry.Stored.Tenant, entry.Stored.Name, entry.LastUsedAt))
            .Where(use => !_noted.TryGetValue((use.Tenant, use.Name), out var before) || before < use.At)
            .ToList();
        // Or a tenant that uploads and removes under ever new names would fill the memory.
        foreach (var gone in _noted.Keys.Where(module => catalog.Find(module.Tenant, module.Name) is null))
        {
            _noted.TryRemove(gone, out _);
        }

        if (uses.Count == 0)
        {
            return;
        }

        try
        {
            await store.NoteUseAsync(uses, cancellationToken);
            uses.ForEach(use => _noted[(use.Tenant, use.Name)] = use.At);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotNoted(failure);
        }
    }

    [LoggerMessage(210, LogLevel.Information, "{Count} stored modules were made ready in {Seconds:0.0} s, {Loaded} of them from code that was kept.")]
    private partial void LogWarm(int count, double seconds, int loaded);

    [LoggerMessage(211, LogLevel.Error, "The stored module {Tenant}/{Module} (version {Version}) could not be made ready.")]
    private partial void LogNotCompiled(Exception failure, string tenant, string module, int version);

    [LoggerMessage(212, LogLevel.Warning, "When modules were last used could not be stored.")]
    private partial void LogNotNoted(Exception failure);
}
