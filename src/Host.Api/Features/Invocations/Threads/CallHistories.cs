using System.Collections.Concurrent;

namespace HostService.Host.Features.Invocations.Threads;

/// <summary>The histories of one module's functions, for as long as that version of it is the one that is called. Thread-safe.</summary>
internal sealed class CallHistories
{
    // A module may export a million functions.
    private const int Most = 256;

    private readonly ConcurrentDictionary<string, CallHistory> _histories = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The history of an exported function; null for those that come when there are many already.</summary>
    public CallHistory? Of(string function) => _histories.TryGetValue(function, out var known) ? known : Begin(function);

    private CallHistory? Begin(string function)
    {
        if (Volatile.Read(ref _count) >= Most)
        {
            return null;
        }

        var begun = new CallHistory();
        var kept = _histories.GetOrAdd(function, begun);
        if (ReferenceEquals(begun, kept))
        {
            Interlocked.Increment(ref _count);
        }

        return kept;
    }
}
