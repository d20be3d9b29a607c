using HostService.Runtime.Execution.Code;

namespace HostService.Runtime.Compilation.Background;

/// <summary>Makes the baseline code of functions that are known to be called soon, ahead of their next call: those of a stored profile, then those that ran interpreted, the often called before the others. Thread-safe.</summary>
/// <remarks>
/// Interpreted functions are handed over together, once the code of what they call is there. Handed over one by one they would call, and wait for, functions that are not compiled yet; and a small function
/// that interpreted code calls compiled is slower than interpreted, because of the way between the two. See docs/adr/0098.
/// </remarks>
/// <param name="code">The baseline code.</param>
/// <param name="profile">Which functions come first.</param>
/// <param name="lengthOf">How long a function is.</param>
/// <param name="interpreted">What ran interpreted; null when nothing is.</param>
internal sealed class BaselineWork(ModuleCode code, int[] profile, Func<int, int> lengthOf, IInterpretedFunctions? interpreted)
{
    private const int FreshMilliseconds = 10;

    private readonly Lock _lock = new();
    private readonly List<int> _made = [];                        // guarded by _lock, as is all below: since the last handover
    private readonly HashSet<int> _known = [.. profile];          // made, being made, or to be made
    private int[] _batch = LargestFirst(profile, lengthOf);
    private int _next;
    private int _busy;
    private long _lookedAt = long.MinValue / 2;

    /// <summary>Prepares one function, or hands over what is prepared.</summary>
    /// <returns>False when there is nothing to begin at the moment.</returns>
    public bool Step()
    {
        if (!TryTake(out var function))
        {
            return false;
        }

        var isMade = false;
        try
        {
            code.PrepareFunction(function);
            isMade = true;
        }
        catch (Exception)
        {
            // What the CLR can't compile, or a module that was disposed meanwhile: whoever calls the function is told.
        }

        lock (_lock)
        {
            _busy--;
            if (isMade)
            {
                _made.Add(function);
            }
        }

        return true;
    }

    private bool TryTake(out int function)
    {
        lock (_lock)
        {
            if (_next == _batch.Length && _busy == 0)
            {
                Look();
            }

            if (_next == _batch.Length)
            {
                function = -1;
                return false;
            }

            function = _batch[_next++];
            _busy++;
            return true;
        }
    }

    // All of a batch is made. More may have run meanwhile, which is made first; if not, all is handed over. What was called often goes first, and is handed over before the rest is begun.
    private void Look()
    {
        var now = Environment.TickCount64;
        if (interpreted is null || (_made.Count == 0 && now - _lookedAt < FreshMilliseconds))
        {
            return;
        }

        _lookedAt = now;
        Take(interpreted.RanOften());
        if (_batch.Length == 0 && _made.Count > 0)
        {
            interpreted.UseCompiled(_made);
            _made.Clear();
        }

        if (_batch.Length == 0)
        {
            Take(interpreted.Ran());
        }
    }

    private void Take(IReadOnlyList<int> functions) => (_batch, _next) = (LargestFirst([.. functions.Where(_known.Add)], lengthOf), 0);

    // So that no thread is left alone with a large one at the end.
    private static int[] LargestFirst(int[] functions, Func<int, int> lengthOf) => [.. functions.OrderByDescending(lengthOf)];
}
