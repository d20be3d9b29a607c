namespace HostService.Runtime.Interpretation;

/// <summary>Tells the background when a module's first calls are in the middle of what runs once, so that it leaves them processors, caches and the CLR's locks. Thread-safe. See docs/adr/0113.</summary>
/// <remarks>
/// Its optimisation waits for a moment when the module is ready, since whoever uploads often calls at once, and then while a call comes upon functions that never ran. That is over soon after the first call began, whatever it does, so that a
/// guest that runs forever keeps nothing away; and the work of other modules goes on meanwhile.
/// </remarks>
internal sealed class FirstCalls
{
    /// <summary>For how long after a module is ready its first call is expected.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(30);

    /// <summary>For how long nothing new has to run for a call to count as one that works and no longer begins.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(30);

    /// <summary>For how long after the first call began this one and others are let alone.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMilliseconds(500);

    private const long NotYet = long.MinValue;

    private readonly TimeProvider _time;
    private long _ready;
    private long _first = NotYet; // when the first call began
    private long _news;           // when something ran for the first time
    private int _running;
    private volatile bool _isOver;

    /// <summary>Begins to expect the first call.</summary>
    /// <param name="time">The clock.</param>
    public FirstCalls(TimeProvider time)
    {
        _time = time;
        _ready = time.GetTimestamp();
    }

    /// <summary>Whether the background should wait.</summary>
    public bool AreGoingOn
    {
        get
        {
            if (_isOver)
            {
                return false;
            }

            var first = Volatile.Read(ref _first);
            if (first == NotYet)
            {
                return _time.GetElapsedTime(Volatile.Read(ref _ready)) < Grace;
            }

            EndIfLong(first);
            return !_isOver && Volatile.Read(ref _running) > 0 && _time.GetElapsedTime(Volatile.Read(ref _news)) < Fresh;
        }
    }

    /// <summary>The module is ready from now on, and no longer in the making.</summary>
    public void Expect() => Volatile.Write(ref _ready, _time.GetTimestamp());

    /// <summary>A call from outside begins.</summary>
    /// <returns>Whether <see cref="End"/> has to be called when it is over.</returns>
    public bool Begin()
    {
        if (_isOver)
        {
            return false;
        }

        var now = _time.GetTimestamp();
        if (Interlocked.CompareExchange(ref _first, now, NotYet) is not NotYet and var first)
        {
            EndIfLong(first);
        }
        else
        {
            Volatile.Write(ref _news, now);
        }

        Interlocked.Increment(ref _running);
        return true;
    }

    /// <summary>The call has ended, however.</summary>
    public void End() => Interlocked.Decrement(ref _running);

    /// <summary>A function runs for the first time.</summary>
    public void RunsAnother()
    {
        if (!_isOver)
        {
            Volatile.Write(ref _news, _time.GetTimestamp());
        }
    }

    // Once and for all: later calls then cost nothing.
    private void EndIfLong(long first)
    {
        if (_time.GetElapsedTime(first) >= Most)
        {
            _isOver = true;
        }
    }
}
