namespace HostService.Runtime.Compilation.IL;

/// <summary>How much a method has of everything that RyuJIT's time and memory depend on.</summary>
/// <remarks>
/// RyuJIT does not optimise what is beyond <see cref="OptimizerLimits"/>. What it then needs grows with the length, and with the square of the number of loops, handlers and
/// wide tail calls; what it needs to optimise the others is less predictable. Of the shapes that were measured (docs/adr/0061) none below the thresholds here
/// takes half a second or 250 MB unoptimised, or a fifth of a second optimised: there it is blocks, handlers and the inlining of helpers (a division is one) that cost, and hardly the length. A suspicious method is only tried elsewhere first: counting errs on that side.
/// </remarks>
/// <param name="CodeBytes">Bytes of IL.</param>
/// <param name="Instructions">IL instructions.</param>
/// <param name="Labels">Labels: about half of the blocks.</param>
/// <param name="Blocks">Basic blocks; at most <see cref="OptimizerLimits.Blocks"/> is given where a bound shows that there are no more.</param>
/// <param name="Locals">Locals, parameters not counted.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="Variables">Reads and writes of locals and parameters.</param>
/// <param name="Passed">Arguments of all calls.</param>
/// <param name="Targets">Targets of all branches.</param>
/// <param name="Regions">Protected regions.</param>
/// <param name="RegionDepth">How deep protected regions are inside one another.</param>
internal readonly record struct MethodShape(
    int CodeBytes, int Instructions, int Labels, int Blocks, int Locals, int Parameters, int Variables, int Passed, int Targets, int Regions, int RegionDepth)
{
    /// <summary>Whether optimising it is to be tried first.</summary>
    public bool IsSuspicious =>
        IsSuspiciousUnoptimized
        || (IsOptimizable && (CodeBytes > 45_000 || Instructions > 15_000 || Labels > 800 || Passed > 3_000 || Regions > 150 || RegionDepth > 50));

    /// <summary>Whether even compiling it without optimisation is to be tried first.</summary>
    public bool IsSuspiciousUnoptimized =>
        CodeBytes > 1_000_000 || Instructions > 200_000 || Labels > 25_000 || Passed > 75_000 || Regions > 3_000;

    // Beyond one of these RyuJIT certainly doesn't optimise: what is counted here is exactly what it counts. Of blocks and locals that is less sure.
    private bool IsOptimizable =>
        CodeBytes <= OptimizerLimits.CodeBytes && Instructions <= OptimizerLimits.Instructions && Variables <= OptimizerLimits.LocalUses;
}
