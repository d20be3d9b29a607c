using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>In the background: stores when keys were used. A crash loses a minute of that.</summary>
internal sealed partial class KeyUpkeep(KnownKeys keys, ITenantStore store, TimeProvider time, ILogger<KeyUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private HashSet<KeyUse> _noted = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await NoteUseAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
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

    private async Task NoteUseAsync(CancellationToken cancellationToken)
    {
        var uses = keys.Uses();
        var news = uses.Where(use => !_noted.Contains(use)).ToList();
        if (news.Count == 0)
        {
            return;
        }

        try
        {
            await store.NoteKeyUseAsync(news, cancellationToken);
            _noted = [.. uses];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotNoted(failure);
        }
    }

    [LoggerMessage(110, LogLevel.Warning, "When keys were last used could not be stored.")]
    private partial void LogNotNoted(Exception failure);
}
