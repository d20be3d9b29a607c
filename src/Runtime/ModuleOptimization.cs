using HostService.Runtime.Compilation.Background;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Interpretation;

namespace HostService.Runtime;

/// <summary>How far the optimisation of a module in the background is; see <see cref="CompilationStrategy.Tiered"/>. Thread-safe.</summary>
public sealed class ModuleOptimization : IBackgroundWork
{
    private readonly Lazy<(ModuleCode Code, MethodQueue Queue)> _plan;
    private readonly Action<ModuleCode> _publish;
    private readonly int _methods;
    private readonly FirstCalls? _firstCalls;

    // Asynchronous, so that what awaits the end doesn't run on a background thread of the Engine.
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile BaselineWork? _baseline; // let go of in the end, or it would keep the code that was replaced
    private int _next;
    private int _done;
    private int _endBegun;
    private int _held;
    private Exception? _failure;
    private volatile bool _cancelled;

    internal ModuleOptimization(int methods, BaselineWork baseline, FirstCalls? firstCalls, Func<(ModuleCode Code, MethodQueue Queue)> plan, Action<ModuleCode> publish)
    {
        (_methods, _baseline, _firstCalls) = (methods, baseline, firstCalls);
        _plan = new Lazy<(ModuleCode Code, MethodQueue Queue)>(plan);
        _publish = publish;
    }

    /// <summary>
    /// Ends when new instances get the optimised code. Fails with what the CLR reported when it could not compile a function, or with a <see cref="Errors.ModuleLimitException"/> when one breaks the limits of <see cref="EngineOptions.Trial"/>: the module then stays on
    /// baseline code. Cancelled when the module is disposed before.
    /// </summary>
    public Task Completion => _ended.Task;

    /// <summary>How many functions there are to optimise. One with a very large frame counts twice.</summary>
    public int TotalFunctions => _methods;

    /// <summary>How many of them are optimised.</summary>
    public int OptimizedFunctions => Volatile.Read(ref _done);

    /// <inheritdoc/>
    bool IBackgroundWork.IsWaiting => !_cancelled && (Volatile.Read(ref _held) > 0 || _firstCalls is { AreGoingOn: true });

    /// <inheritdoc/>
    bool IBackgroundWork.Step()
    {
        if (!_cancelled && _baseline is { } baseline && baseline.Step())
        {
            return true;
        }

        // A cancelled module passes over what is left in one step, instead of waiting for its turn among other modules again and again.
        var cancelled = _cancelled;
        var start = cancelled ? Interlocked.Exchange(ref _next, _methods) : Interlocked.Increment(ref _next) - 1;
        if (start >= _methods)
        {
            if (_methods == 0)
            {
                End();
            }

            return false;
        }

        if (!_cancelled && _failure is null)
        {
            OptimizeNext();
        }

        // Whoever finishes the last one ends it all; those that were passed over count too.
        if (Interlocked.Add(ref _done, cancelled ? _methods - start : 1) == _methods)
        {
            End();
        }

        return true;
    }

    /// <inheritdoc/>
    void IBackgroundWork.Cancel() => Cancel();

    /// <summary>Lets the background wait, for work on the module that somebody else waits for, until <see cref="Resume"/>.</summary>
    internal void Hold() => Interlocked.Increment(ref _held);

    /// <summary>Ends what one <see cref="Hold"/> began.</summary>
    internal void Resume() => Interlocked.Decrement(ref _held);

    /// <summary>Stops after the functions that are being optimised now.</summary>
    internal void Cancel() => _cancelled = true;

    /// <summary>Ends it before it begins.</summary>
    /// <param name="reason">Why. Its being cancelled, or the Engine's being disposed, is no failure.</param>
    internal void Fail(Exception reason)
    {
        if (reason is OperationCanceledException or ObjectDisposedException)
        {
            Cancel();
        }
        else
        {
            _failure = reason;
        }

        End();
    }

    private void OptimizeNext()
    {
        try
        {
            var (code, queue) = _plan.Value;
            code.Prepare(queue.Take());
        }
        catch (Exception failure)
        {
            // Whatever it is: the module works without, so nothing may take the background thread, and with it the process, down.
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
    }

    private void End()
    {
        // A module without functions has no last one that only one thread finishes.
        if (Interlocked.Exchange(ref _endBegun, 1) != 0)
        {
            return;
        }

        _baseline = null;
        try
        {
            if (!_cancelled && _failure is null)
            {
                _publish(_plan.Value.Code);
                _ended.TrySetResult();
                return;
            }
        }
        catch (Exception failure)
        {
            _failure = failure;
        }

        if (_plan.IsValueCreated)
        {
            _plan.Value.Code.Unload();
        }

        if (_failure is { } reason && !_cancelled)
        {
            _ended.TrySetException(reason);
            _ = _ended.Task.Exception; // seen: nobody need await it
        }
        else
        {
            _ended.TrySetCanceled();
        }
    }
}
