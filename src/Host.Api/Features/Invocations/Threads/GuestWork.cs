namespace HostService.Host.Features.Invocations.Threads;

/// <summary>Something to run on a guest thread, and the place where its result is awaited.</summary>
internal abstract class GuestWork
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    /// <summary>When it was handed in, as <see cref="TimeProvider.GetTimestamp"/> tells.</summary>
    public long QueuedAt { get; init; }

    /// <summary>Runs it in the execution context of the request, so that logs and activities belong to that. Never throws.</summary>
    public void Run()
    {
        if (_context is null)
        {
            Execute();
        }
        else
        {
            ExecutionContext.Run(_context, static self => ((GuestWork)self!).Execute(), this);
        }
    }

    /// <summary>Ends it without having run it.</summary>
    public abstract void Refuse(Exception reason);

    protected abstract void Execute();
}

/// <inheritdoc/>
internal sealed class GuestWork<T>(Func<T> work) : GuestWork
{
    // Asynchronously: what comes after the result is the request's business and belongs on the thread pool.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    public override void Refuse(Exception reason) => _completion.SetException(reason);

    protected override void Execute()
    {
        try
        {
            _completion.SetResult(work());
        }
        catch (Exception failure)
        {
            _completion.SetException(failure);
        }
    }
}
