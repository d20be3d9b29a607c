namespace HostService.Host.Features.Invocations.Threads;

/// <summary>Whether the calls of one function of one tenant's module have been quick so far. Thread-safe; counts that get lost between threads only delay what follows from them.</summary>
internal sealed class CallHistory
{
    /// <summary>
    /// The processor time of a quick call: no more than the service takes for the rest of its request, so that requests which wait behind it wait no longer than behind any other. Time on the clock would say more of
    /// what else the machine does.
    /// </summary>
    public static readonly TimeSpan QuickTime = TimeSpan.FromMicroseconds(50);

    private const int Trust = 64;
    private const int Most = 2 * Trust;

    // What one slow call takes away: quick ones must be much more frequent.
    private const int SlowCost = 16;

    private int _score;
    private volatile bool _isBetrayed;

    /// <summary>Whether nearly all of its calls were quick, and enough of them.</summary>
    public bool IsQuick => Volatile.Read(ref _score) >= Trust && !_isBetrayed;

    /// <summary>Notes a call that ended.</summary>
    /// <param name="processorTime">What it used.</param>
    /// <param name="duration">How long it took on the clock: it may have waited.</param>
    public void Note(TimeSpan processorTime, TimeSpan duration)
    {
        if (processorTime > QuickTime || duration > EpochTicker.Interval)
        {
            Slow();
        }
        else if (Volatile.Read(ref _score) is var score and < Most)
        {
            // Nothing is written once it can't rise, so that processors do not fight over the line of memory.
            Volatile.Write(ref _score, score + 1);
        }
    }

    /// <summary>Notes a call that was slow, or that failed.</summary>
    public void Slow() => Volatile.Write(ref _score, Math.Max(Volatile.Read(ref _score) - SlowCost, 0));

    /// <summary>Notes a call that was trusted to be quick and kept its thread for long: none is trusted again.</summary>
    public void Betrayed() => _isBetrayed = true;
}
