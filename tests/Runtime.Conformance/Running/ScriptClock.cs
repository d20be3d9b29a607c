namespace HostService.Runtime.Conformance.Running;

/// <summary>Ends a script that takes too long: its guests are interrupted, then and from then on.</summary>
internal sealed class ScriptClock : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _ended;
    private readonly Timer _timer;
    private readonly ulong _ticks;

    public ScriptClock(Engine engine, TimeSpan timeout)
    {
        _ended = new CancellationTokenSource(timeout);
        _ticks = Math.Max(1, (ulong)(timeout / s_tick));
        _timer = new Timer(_ => engine.IncrementEpoch(), null, s_tick, s_tick);
    }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Makes the guests of a Store end with the script. The Store must be made when the script begins.</summary>
    public void Limit(Store store) => store.SetEpochDeadline(_ticks);

    public void Dispose()
    {
        // An Engine's epoch must not be advanced after the Engine is gone.
        using var stopped = new ManualResetEvent(false);
        if (_timer.Dispose(stopped))
        {
            stopped.WaitOne();
        }

        _ended.Dispose();
    }
}
