using HostService.Runtime.Execution.Code;

namespace HostService.Runtime.Compilation.Background;

/// <summary>The methods of a module that are still to be optimised: those of functions that ran first, then the others in their order. Thread-safe.</summary>
/// <param name="order">Each method once.</param>
/// <param name="ran">A byte for each function, not 0 when it ran. Code that runs meanwhile sets them.</param>
internal sealed class MethodQueue(int[] order, byte[] ran)
{
    /// <summary>How long what was seen of <c>ran</c> counts: looking through the bytes of 600,000 functions takes some 20 microseconds.</summary>
    private const int FreshMilliseconds = 10;

    private readonly Lock _lock = new();
    private readonly bool[] _taken = new bool[order.Length]; // guarded by _lock, as is all below
    private readonly bool[] _seen = new bool[ran.Length];
    private readonly Queue<int> _first = new();
    private long _lookedAt = long.MinValue / 2;
    private int _next;

    /// <summary>The next method. Call it no more often than there are methods.</summary>
    public int Take()
    {
        lock (_lock)
        {
            LookForRun();
            int method;
            do
            {
                method = _first.TryDequeue(out var first) ? first : order[_next++];
            }
            while (_taken[method]);
            _taken[method] = true;
            return method;
        }
    }

    private void LookForRun()
    {
        var now = Environment.TickCount64;
        if (now - _lookedAt < FreshMilliseconds)
        {
            return;
        }

        _lookedAt = now;
        foreach (var function in RunProfile.Of(ran))
        {
            if (!_seen[function])
            {
                _seen[function] = true;
                _first.Enqueue(function);
            }
        }
    }
}
