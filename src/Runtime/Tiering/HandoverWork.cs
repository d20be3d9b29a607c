using HostService.Runtime.Compilation.Background;

namespace HostService.Runtime.Tiering;

/// <summary>Code that running guests of one module are waiting for, in the order in which it was asked for. Other modules have their own, so that none has to wait for all that one asks for. Thread-safe.</summary>
/// <param name="threads">Who makes it. They have nothing else to do: what a guest waits for must not wait for the optimisation of whole modules.</param>
internal sealed class HandoverWork(BackgroundThreads threads) : IBackgroundWork
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _steps = []; // guarded by _lock, as is the next
    private bool _isRunning;

    /// <summary>Adds a step.</summary>
    public void Add(Action step)
    {
        lock (_lock)
        {
            _steps.Enqueue(step);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        try
        {
            threads.Add(this);
        }
        catch (ObjectDisposedException)
        {
            // The Engine is disposed while a guest runs: it goes on as it is.
        }
    }

    /// <inheritdoc/>
    public bool Step()
    {
        Action? step;
        lock (_lock)
        {
            _isRunning = _steps.TryDequeue(out step);
        }

        try
        {
            step?.Invoke();
        }
        catch (Exception)
        {
            // What the CLR can't compile, or a module that was disposed meanwhile: the guest goes on as it is.
        }

        return step is not null;
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        lock (_lock)
        {
            _steps.Clear();
        }
    }
}
