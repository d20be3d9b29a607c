using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using HostService.Runtime.Trials;

namespace HostService.Runtime;

/// <content>Suspicious functions, compiled in a child process first. See docs/adr/0061.</content>
public sealed partial class Module
{
    private readonly CancellationTokenSource _trialCancellation = new();
    private volatile CompilationVerdict? _verdict;

    /// <summary>
    /// What came of trying to optimise its suspicious functions in a child process; null when it has none, when <see cref="EngineOptions.Trial"/> is not set, and until it is known. Part of
    /// <see cref="Serialize()"/>.
    /// </summary>
    public CompilationVerdict? Verdict => _verdict;

    /// <summary>How many of its functions are suspicious: the CLR's compiler may need very much time or memory to optimise them.</summary>
    public int SuspiciousFunctionCount => _compiled.Suspects.Length;

    // Compiles as the strategy says, as far as trials allow. The module is complete but for that.
    private void Begin(CancellationToken cancellationToken)
    {
        Interpreter?.FirstCalls?.Expect();
        if (Engine.Trials is { } trials && _compiled.Suspects.Length > 0)
        {
            BeginWithTrials(trials, cancellationToken);
        }
        else if (Optimization is { } optimization)
        {
            Engine.BackgroundThreads.Add(optimization);
        }
    }

    private void BeginWithTrials(CompilationTrials trials, CancellationToken cancellationToken)
    {
        if (_verdict?.HoldsFor(trials.Options) != true)
        {
            _verdict = null;
            TryBaseline(trials, cancellationToken);
        }

        switch (Engine.Options.Compilation)
        {
            case CompilationStrategy.Tiered:
                _ = TryThenOptimizeAsync(trials);
                break;
            case CompilationStrategy.Optimized:
                var verdict = _verdict ??= JudgeAsync(trials, cancellationToken).GetAwaiter().GetResult();
                if (verdict.Outcome != CompilationOutcome.Passed)
                {
                    Publish(Load(optimize: false));
                }

                break;
        }
    }

    private void TryBaseline(CompilationTrials trials, CancellationToken cancellationToken)
    {
        if (_compiled.UnoptimizedSuspects.Length == 0)
        {
            return;
        }

        var result = trials.RunAsync(optimize: false, Engine.Options.Features, Stored() with { Verdict = null, Profile = [] }, cancellationToken).GetAwaiter().GetResult();
        switch (result.Outcome)
        {
            case CompilationOutcome.Exceeded:
                throw new ModuleLimitException($"{NameOf(result)}: compiling it, even without optimisation: {result.Reason}");
            case CompilationOutcome.Unknown:
                throw new CompilationTrialException($"Compiling functions of this shape has to be tried in a child process, and that failed: {result.Reason}");
        }
    }

    // On a thread of the pool: the caller has its module, and goes on.
    private async Task TryThenOptimizeAsync(CompilationTrials trials)
    {
        try
        {
            var verdict = _verdict ??= await Task.Run(() => JudgeAsync(trials, _trialCancellation.Token)).ConfigureAwait(false);
            if (verdict.Outcome == CompilationOutcome.Passed)
            {
                Engine.BackgroundThreads.Add(Optimization!);
            }
            else
            {
                Optimization!.Fail(new ModuleLimitException(verdict.Reason!));
            }
        }
        catch (Exception failure)
        {
            // Cancelled, or the Engine is disposed: nobody waits for this task.
            Optimization!.Fail(failure);
        }
    }

    private async Task<CompilationVerdict> JudgeAsync(CompilationTrials trials, CancellationToken cancellationToken)
    {
        var result = await trials.RunAsync(optimize: true, Engine.Options.Features, Stored() with { Verdict = null, Profile = [] }, cancellationToken).ConfigureAwait(false);
        var reason = result.Outcome switch
        {
            CompilationOutcome.Passed => null,
            CompilationOutcome.Exceeded => $"{NameOf(result)}: optimising it: {result.Reason}",
            _ => $"Whether it can be optimised could not be found out: {result.Reason}",
        };
        return new CompilationVerdict(result.Outcome, reason, trials.Options.MaxProcessorTime, trials.Options.MaxMemoryBytes);
    }

    private string NameOf(TrialResult result)
    {
        var (function, name) = (Syntax.ImportedFunctionCount + result.Function, OneLine.Of(FunctionName(Syntax.ImportedFunctionCount + result.Function)));
        return name.StartsWith("func[", StringComparison.Ordinal) ? name : $"func[{function}] {name}";
    }
}
