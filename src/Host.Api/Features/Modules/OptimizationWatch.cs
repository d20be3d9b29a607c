using HostService.Host.Observability;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

/// <summary>Sees to what comes of the background's work on modules, which is nobody's to wait for: it is counted, logged when it failed, and kept for the next start.</summary>
internal sealed partial class OptimizationWatch(ModuleArtifacts artifacts, HostMetrics metrics, ILogger<OptimizationWatch> logger)
{
    /// <summary>Watches a module until its optimisation has ended, if it has one.</summary>
    public void Begin(Digest digest, CompiledModule module)
    {
        if (module.Optimization is { } optimization)
        {
            optimization.Ended.ContinueWith(_ => End(digest, module, optimization), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        else
        {
            CountTrial(module);
        }
    }

    private void End(Digest digest, CompiledModule module, CodeOptimization optimization)
    {
        metrics.OptimizationStopped(optimization.Duration, optimization.State);
        CountTrial(module);
        if (!module.IsKeptAsKnown)
        {
            // So that the next start need not try it again, and makes first what calls needed first.
            artifacts.Keep(digest, module);
        }

        if (optimization.Failure is { } failure)
        {
            LogNotOptimized(failure, module.Pre.Module.FunctionCount);
        }
    }

    private void CountTrial(CompiledModule module)
    {
        if (module.IsTried && module.Pre.Module.Verdict is { } verdict)
        {
            metrics.TrialStopped(verdict.Outcome.Word());
        }
    }

    [LoggerMessage(230, LogLevel.Warning, "A module of {Functions} functions stays on baseline code, because one of them could not be optimised.")]
    private partial void LogNotOptimized(Exception failure, int functions);
}
