namespace HostService.Host.Features;

/// <summary>In the background: stores when things were used, now and then and when the service stops, so that using one costs no write. A crash loses what came after the last time.</summary>
/// <typeparam name="TUse">What was used, and when; equal to another when both are the same.</typeparam>
internal abstract class UseNotes<TUse>(TimeSpan interval, TimeProvider time) : BackgroundService
{
    // Replaced as a whole: two may note at once, the timer's tick and a host that is stopped from two sides.
    private volatile HashSet<TUse> _noted = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request: what was read from the store need not be written to it.
        _noted = [.. Uses()];
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await NoteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await NoteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    /// <summary>The latest use of each thing that there is.</summary>
    protected abstract IEnumerable<TUse> Uses();

    /// <summary>Stores some of them.</summary>
    protected abstract Task StoreAsync(IReadOnlyList<TUse> uses, CancellationToken cancellationToken);

    /// <summary>Logs that they could not be stored. They are tried again the next time.</summary>
    protected abstract void LogNotStored(Exception failure);

    private async Task NoteAsync(CancellationToken cancellationToken)
    {
        HashSet<TUse> uses = [.. Uses()];
        var news = uses.Except(_noted).ToList();
        if (news.Count == 0)
        {
            return;
        }

        try
        {
            await StoreAsync(news, cancellationToken);
            _noted = uses;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotStored(failure);
        }
    }
}
