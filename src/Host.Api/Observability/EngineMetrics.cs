using System.Diagnostics.Metrics;
using HostService.Host.Features.Invocations.Threads;
using HostService.Host.Features.Modules;
using HostService.Runtime;

namespace HostService.Host.Observability;

/// <summary>What engine and guest threads hold at the moment of a scrape.</summary>
internal sealed class EngineMetrics
{
    public EngineMetrics(IMeterFactory meters, Engine engine, GuestThreads threads, QuickCalls quick, CompiledModules modules)
    {
        var meter = meters.Create(HostMetrics.MeterName);
        meter.CreateObservableUpDownCounter("hostservice.modules", () => engine.GetStatistics().Modules, "{module}", "Compiled modules alive.");
        meter.CreateObservableUpDownCounter("hostservice.signatures", () => engine.GetStatistics().Signatures, "{signature}", "Distinct function types registered.");
        meter.CreateObservableUpDownCounter("hostservice.memory_pool.used", () => engine.GetStatistics().MemoriesInUse, "{memory}", "Linear memories in use.");
        meter.CreateObservableUpDownCounter("hostservice.memory_pool.idle", () => engine.GetStatistics().MemoriesIdle, "{memory}", "Slots of the memory pool that wait for their next user.");
        meter.CreateObservableUpDownCounter("hostservice.memory_pool.resident", () => engine.GetStatistics().MemoryResidentBytes, "By", "Bytes that idle slots keep in physical memory.");
        meter.CreateObservableCounter("hostservice.memory_pool.resets", () => engine.GetStatistics().MemoryResets, "{reset}", "Memories put back to their first contents.");
        meter.CreateObservableCounter("hostservice.memory_pool.affinity_hits", () => engine.GetStatistics().MemoryAffinityHits, "{hit}", "Slots used again by the module that had them before.");
        meter.CreateObservableUpDownCounter("hostservice.optimization.modules", () => Optimizations(modules).Count(optimization => !optimization.Ended.IsCompleted), "{module}", "Modules that are being optimised in the background, or wait for it.");
        meter.CreateObservableUpDownCounter("hostservice.optimization.functions", () => Optimizations(modules).Sum(optimization => optimization.Left), "{function}", "Functions of theirs that are left to optimise.");
        meter.CreateObservableUpDownCounter("hostservice.optimization.unoptimizable", () => modules.Ready.Sum(module => Limits(module).Functions), "{function}", "Functions that are too large for the CLR's optimiser and stay as slow as baseline code.");
        meter.CreateObservableUpDownCounter("hostservice.optimization.limits", () => ByLimit(modules), "{function}", "Functions that are over a limit of the CLR's optimiser, by limit; some are over several.");
        meter.CreateObservableUpDownCounter("hostservice.optimization.refused", () => modules.Ready.Count(module => module.Pre.Module.Verdict is { Outcome: not CompilationOutcome.Passed }), "{module}", "Modules that stay on baseline code, because of their trial compilation.");
        meter.CreateObservableUpDownCounter("hostservice.invocations.running", () => threads.Running + quick.Running, "{invocation}", "Guests that run.");
        meter.CreateObservableCounter("hostservice.invocations.quick", () => quick.Total, "{invocation}", "Invocations that ran where their request was, because their function has always been quick.");
        meter.CreateObservableUpDownCounter("hostservice.invocations.queued", () => threads.Queued, "{invocation}", "Invocations that wait for a thread.");
    }

    private static OptimizerLimitCounts Limits(CompiledModule module) => module.Pre.Module.GetStatistics().OverOptimizerLimits;

    private static IEnumerable<Measurement<int>> ByLimit(CompiledModules modules)
    {
        var limits = modules.Ready.Select(Limits).ToList();
        yield return Of("code_bytes", limits.Sum(counts => counts.CodeBytes));
        yield return Of("instructions", limits.Sum(counts => counts.Instructions));
        yield return Of("blocks", limits.Sum(counts => counts.Blocks));
        yield return Of("locals", limits.Sum(counts => counts.Locals));
        yield return Of("local_uses", limits.Sum(counts => counts.LocalUses));

        static Measurement<int> Of(string limit, int functions) => new(functions, new KeyValuePair<string, object?>("limit", limit));
    }

    private static IEnumerable<CodeOptimization> Optimizations(CompiledModules modules) => modules.Ready.Select(module => module.Optimization).OfType<CodeOptimization>();
}
