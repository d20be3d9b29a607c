using HostService.Runtime;

namespace HostService.Host.Features.Modules;

/// <summary>The state of a module's code, as the API describes it: a snapshot, since the background changes it.</summary>
/// <param name="Tier">
/// What a call that begins now runs on: <c>baseline</c>, code that was made quickly, or <c>optimized</c>; <c>pending</c> when it has to wait for the module to be
/// compiled first, which is so for a while after a start.
/// </param>
/// <param name="Origin"><c>compilation</c>, or <c>artifact</c> when it was loaded from what an earlier compilation left on disk; null while pending.</param>
/// <param name="DurationMs">How long that took, until the module could be called; null while pending.</param>
/// <param name="SizeBytes">The size of the compiled form, machine code not counted; null while pending.</param>
/// <param name="ArtifactBytes">How much of it is kept on disk for the next start; null when nothing is, or not yet.</param>
/// <param name="ProfiledFunctions">How many of its functions are known to have run before they were optimised, in this process or in earlier ones; preparing the module makes their code. Null while pending.</param>
/// <param name="Optimization">How the work in the background goes; null while pending and where modules have one code only.</param>
/// <param name="Trial">What came of compiling its suspicious functions in a child process first; null when it has none, while pending, and where that is switched off.</param>
public sealed record CodeDetails(
    string Tier, string? Origin, double? DurationMs, long? SizeBytes, long? ArtifactBytes, int? ProfiledFunctions, CodeDetails.OptimizationDetails? Optimization, CodeDetails.TrialDetails? Trial)
{
    private const int Digits = 3;

    private static readonly CodeDetails s_pending = new("pending", null, null, null, null, null, null, null);

    /// <summary>Describes the code of a module; null stands for one that is not compiled.</summary>
    internal static CodeDetails Of(CompiledModule? module)
    {
        if (module is null)
        {
            return s_pending;
        }

        var statistics = module.Pre.Module.GetStatistics();
        return new CodeDetails(
            statistics.MachineCodeIsOptimized ? "optimized" : "baseline",
            module.Origin.Word(),
            Math.Round(module.ReadyAfter.TotalMilliseconds, Digits),
            statistics.ImageBytes + statistics.AddressMapBytes,
            module.ArtifactBytes,
            module.Pre.Module.ProfiledFunctionCount,
            module.Optimization is { } optimization ? Describe(optimization, statistics.OverOptimizerLimits) : null,
            module.IsTried ? Describe(module.Pre.Module.Verdict, module.Pre.Module.SuspiciousFunctionCount) : null);
    }

    private static OptimizationDetails Describe(CodeOptimization optimization, OptimizerLimitCounts limits) => new(
        optimization.State,
        optimization.Total,
        optimization.Optimized,
        optimization.Duration > TimeSpan.Zero ? Math.Round(optimization.Duration.TotalMilliseconds, Digits) : null,
        optimization.Failure?.Message,
        new LimitDetails(limits.Functions, limits.CodeBytes, limits.Instructions, limits.Blocks, limits.Locals, limits.LocalUses));

    private static TrialDetails Describe(CompilationVerdict? verdict, int functions) => new(verdict?.Outcome.Word() ?? "running", functions, verdict?.Reason);

    /// <summary>The trial compilation of one module.</summary>
    /// <param name="Outcome">
    /// <c>running</c>, which includes waiting for its turn, <c>passed</c>, <c>exceeded</c> when a function breaks the limits, or <c>unknown</c> when it could not be found out. After the last two the
    /// module stays on baseline code.
    /// </param>
    /// <param name="Functions">How many functions are suspicious.</param>
    /// <param name="Reason">Which function broke which limit, or why it could not be found out; otherwise null.</param>
    public sealed record TrialDetails(string Outcome, int Functions, string? Reason);

    /// <summary>The optimisation of one module in the background.</summary>
    /// <param name="State"><c>running</c>, which includes waiting for its turn, <c>done</c>, <c>failed</c> when it stays on baseline code, or <c>cancelled</c>.</param>
    /// <param name="Functions">How many functions there are to optimise.</param>
    /// <param name="OptimizedFunctions">How many of them are.</param>
    /// <param name="DurationMs">How long it took; null while it runs.</param>
    /// <param name="Reason">Why it failed; otherwise null.</param>
    /// <param name="OverLimits">The functions among them that stay as slow as baseline code, because they are too large for the CLR's optimiser.</param>
    public sealed record OptimizationDetails(string State, int Functions, int OptimizedFunctions, double? DurationMs, string? Reason, LimitDetails OverLimits);

    /// <summary>How many functions are over a limit of the CLR's optimiser. One may be over several, so the counts by limit may add up to more than there are.</summary>
    /// <param name="Functions">Functions over any of them.</param>
    /// <param name="CodeBytes">Those of more than 60,000 bytes of intermediate code.</param>
    /// <param name="Instructions">Those of more than 20,000 instructions.</param>
    /// <param name="Blocks">Those of more than 2,000 basic blocks.</param>
    /// <param name="Locals">Those of more than 2,000 locals.</param>
    /// <param name="LocalUses">Those with more than 8,000 uses of locals.</param>
    public sealed record LimitDetails(int Functions, int CodeBytes, int Instructions, int Blocks, int Locals, int LocalUses);
}
