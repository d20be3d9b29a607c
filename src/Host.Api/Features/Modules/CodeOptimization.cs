using System.Diagnostics;
using HostService.Runtime;

namespace HostService.Host.Features.Modules;

/// <summary>The optimisation of one module in the background, with its time. Thread-safe.</summary>
internal sealed class CodeOptimization
{
    private readonly ModuleOptimization _optimization;
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _duration; // in ticks of TimeSpan; 0 while it goes on

    public CodeOptimization(ModuleOptimization optimization)
    {
        _optimization = optimization;
        Ended = optimization.Completion.ContinueWith(
            _ => Volatile.Write(ref _duration, Math.Max(1, Stopwatch.GetElapsedTime(_started).Ticks)),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends with the optimisation, however that ends; never fails.</summary>
    public Task Ended { get; }

    /// <summary><c>running</c>, <c>done</c>, <c>failed</c>, or <c>cancelled</c> when the module went before.</summary>
    // By its own task and not by the engine's, so that whoever reads "done" finds the duration too.
    public string State => !Ended.IsCompleted ? "running" : _optimization.Completion.Status switch
    {
        TaskStatus.RanToCompletion => "done",
        TaskStatus.Faulted => "failed",
        _ => "cancelled",
    };

    /// <summary>From when the module was ready to the end of it; zero while it goes on.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Volatile.Read(ref _duration));

    /// <summary>What the CLR reported when it could not compile a function.</summary>
    public Exception? Failure => _optimization.Completion.Exception?.InnerException;

    /// <summary>How many functions are optimised.</summary>
    public int Optimized => _optimization.OptimizedFunctions;

    /// <summary>How many there are.</summary>
    public int Total => _optimization.TotalFunctions;

    /// <summary>How many are left to do; none once it has ended.</summary>
    public int Left => _optimization.Completion.IsCompleted ? 0 : Total - Optimized;
}
