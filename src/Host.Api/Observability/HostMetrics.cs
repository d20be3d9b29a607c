using System.Diagnostics.Metrics;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Modules;
using HostService.Runtime.Errors;

namespace HostService.Host.Observability;

/// <summary>The service's meter. Its methods are what happened; names follow OpenTelemetry's conventions for functions as a service.</summary>
/// <remarks>No label carries a tenant, a module or a function: there can be any number of those. Thread-safe.</remarks>
public sealed class HostMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "HostService";

    /// <summary>The instrument whose buckets reach from half a microsecond to a tenth of a second.</summary>
    public const string InstantiationDuration = "hostservice.instantiation.duration";

    // From a call of microseconds to the longest that the default limits allow.
    private static readonly double[] s_invocationBuckets = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private static readonly double[] s_instantiationBuckets =
        [0.0000005, 0.000001, 0.0000025, 0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1];

    private static readonly double[] s_compilationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    private static readonly double[] s_memoryBuckets = [.. Enumerable.Range(16, 17).Select(power => (double)(1UL << power))];

    private readonly Counter<long> _invocations;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _coldStarts;
    private readonly Counter<long> _traps;
    private readonly Histogram<double> _invokeDuration;
    private readonly Histogram<double> _initDuration;
    private readonly Histogram<double> _cpuUsage;
    private readonly Histogram<long> _memoryUsage;
    private readonly Histogram<double> _instantiation;
    private readonly Histogram<double> _compilation;
    private readonly Histogram<double> _optimization;
    private readonly Counter<long> _trials;
    private readonly Histogram<double> _codeCollection;
    private readonly Counter<long> _artifactReads;
    private readonly Counter<long> _artifactWrites;

    /// <summary>Makes the meter and its instruments.</summary>
    public HostMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _invocations = meter.CreateCounter<long>("faas.invocations", "{invocation}", "Invocations that succeeded.");
        _errors = meter.CreateCounter<long>("faas.errors", "{error}", "Invocations that failed, by reason.");
        _timeouts = meter.CreateCounter<long>("faas.timeouts", "{timeout}", "Invocations that ran out of processor time or time.");
        _coldStarts = meter.CreateCounter<long>("faas.coldstarts", "{coldstart}", "Invocations that waited for their module to be compiled.");
        _traps = meter.CreateCounter<long>("hostservice.traps", "{trap}", "Invocations whose guest trapped, by trap code.");
        _invokeDuration = Duration(meter, "faas.invoke_duration", "How long invocations lasted, waiting for a thread included.", s_invocationBuckets);
        _initDuration = Duration(meter, "faas.init_duration", "How long cold starts waited for their module.", s_compilationBuckets);
        _cpuUsage = Duration(meter, "faas.cpu_usage", "Processor time of invocations.", s_invocationBuckets);
        _memoryUsage = meter.CreateHistogram(
            "faas.mem_usage", "By", "Linear memory of invocations at its largest.", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. s_memoryBuckets.Select(bytes => (long)bytes)] });
        _instantiation = Duration(meter, InstantiationDuration, "How long making an instance took, its start function included.", s_instantiationBuckets);
        _compilation = Duration(meter, "hostservice.compilation.duration", "How long it took until modules could be called, by origin of the code and outcome.", s_compilationBuckets);
        _optimization = Duration(meter, "hostservice.optimization.duration", "How long optimising modules in the background took, waiting included, by outcome.", s_compilationBuckets);
        _trials = meter.CreateCounter<long>("hostservice.trials", "{module}", "Modules with functions that are compiled in a child process first, by outcome: passed, exceeded, unknown; those whose outcome was kept with their code included.");
        _codeCollection = Duration(meter, "hostservice.code_collection.duration", "How long nothing ran while the memory of released modules was collected, by outcome: freed, in_use.", s_compilationBuckets);
        _artifactReads = meter.CreateCounter<long>("hostservice.artifact.reads", "{read}", "Modules whose stored code was looked for, by outcome: hit, miss, refused.");
        _artifactWrites = meter.CreateCounter<long>("hostservice.artifact.writes", "{write}", "Modules whose code was to be stored, by outcome: ok, unused, failed.");
    }

    internal void InvocationStopped(Trigger trigger, TimeSpan duration)
    {
        _invocations.Add(1, TagOf(trigger));
        _invokeDuration.Record(duration.TotalSeconds, TagOf(trigger));
    }

    internal void InvocationFailed(Trigger trigger, TimeSpan duration, string reason)
    {
        _errors.Add(1, TagOf(trigger), new KeyValuePair<string, object?>("error.type", reason));
        _invokeDuration.Record(duration.TotalSeconds, TagOf(trigger));
    }

    internal void TimedOut(Trigger trigger) => _timeouts.Add(1, TagOf(trigger));

    internal void Trapped(TrapCode code) => _traps.Add(1, new KeyValuePair<string, object?>("code", code.Identifier()));

    internal void ColdStart(TimeSpan waited)
    {
        _coldStarts.Add(1);
        _initDuration.Record(waited.TotalSeconds);
    }

    internal void GuestStopped(Trigger trigger, TimeSpan cpu, ulong peakMemoryBytes)
    {
        _cpuUsage.Record(cpu.TotalSeconds, TagOf(trigger));
        _memoryUsage.Record((long)peakMemoryBytes, TagOf(trigger));
    }

    internal void Instantiated(TimeSpan duration) => _instantiation.Record(duration.TotalSeconds);

    internal void CompilationStopped(TimeSpan duration, CodeOrigin origin, string outcome) =>
        _compilation.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("origin", origin.Word()), TagOf(outcome));

    internal void OptimizationStopped(TimeSpan duration, string outcome) => _optimization.Record(duration.TotalSeconds, TagOf(outcome));

    internal void TrialStopped(string outcome) => _trials.Add(1, TagOf(outcome));

    internal void CodeCollected(TimeSpan pause, string outcome) => _codeCollection.Record(pause.TotalSeconds, TagOf(outcome));

    internal void ArtifactRead(string outcome) => _artifactReads.Add(1, TagOf(outcome));

    internal void ArtifactWritten(string outcome) => _artifactWrites.Add(1, TagOf(outcome));

    private static KeyValuePair<string, object?> TagOf(string outcome) => new("outcome", outcome);

    private static KeyValuePair<string, object?> TagOf(Trigger trigger) => new("faas.trigger", trigger == Trigger.Http ? "http" : "other");

    private static Histogram<double> Duration(Meter meter, string name, string description, double[] buckets) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
}
