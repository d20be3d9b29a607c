using System.Diagnostics;

namespace HostService.Runtime.Execution.Profiling;

/// <summary>Takes the samples of one Store's guests, on their own thread.</summary>
/// <remarks>
/// Of the four ways that were weighed (docs/adr/0094) the guest samples itself: nothing else can walk a managed stack without stopping the process. <see cref="SampleRequests"/>
/// asks; a check of the guest's, or the return of a host function, answers by <see cref="Take"/>. Everything here but the requests is used by the guest's thread
/// alone, and after <see cref="Stop"/> by anybody.
/// </remarks>
internal sealed class ProfileRecorder
{
    private readonly Store _store;
    private readonly SampleRequests _requests;
    private readonly StackSampler _sampler;
    private readonly long _started;
    private long _stopped;
    private int _thread;           // which _cpu belongs to
    private TimeSpan? _cpu;        // processor time of the guest's thread at the end of the sample before

    public ProfileRecorder(Store store, GuestProfileOptions options)
    {
        _store = store;
        Options = options;
        StartTime = TimeProvider.System.GetUtcNow();
        _started = Stopwatch.GetTimestamp();
        _requests = new SampleRequests(store, options.Interval);
        _sampler = new StackSampler(store, Symbols, Stacks, options);
        Samples = new SampleTable(options.MaxSamples);
    }

    public GuestProfileOptions Options { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>How long it has lasted.</summary>
    public TimeSpan Duration => IsStopped ? Stopwatch.GetElapsedTime(_started, _stopped) : Stopwatch.GetElapsedTime(_started);

    public bool IsStopped { get; private set; }

    public ProfileSymbols Symbols { get; } = new();

    public StackTree Stacks { get; } = new();

    public SampleTable Samples { get; }

    /// <summary>What asks for samples; null before <see cref="Start"/>.</summary>
    public Thread? RequestingThread => _requests.Thread;

    public void Start()
    {
        _store.Profile = this;
        _store.HostTargets = _store.Engine.HostTargets.OpenView(target => ProfiledHostFunctions.Wrap(target, _store));
        NoteCpuTime();
        _requests.Start();
    }

    public void Stop()
    {
        if (IsStopped)
        {
            return;
        }

        _requests.Stop();
        _store.Profile = null;
        _store.Engine.HostTargets.CloseView(_store.HostTargets);
        _store.HostTargets = _store.Engine.HostTargets;
        _stopped = Stopwatch.GetTimestamp();
        IsStopped = true;
        _sampler.Forget();
    }

    /// <summary>Takes a sample if one is due.</summary>
    /// <param name="offset">The guest's instruction, as an offset from the start of the binary; null when the host asks.</param>
    public void Take(long? offset)
    {
        if (_requests.TakeDue() is not (> 0 and var intervals))
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var cpu = ThreadCpuClock.Now() is { } now && _cpu is { } before && _thread == Environment.CurrentManagedThreadId ? now - before : (TimeSpan?)null;
        var sample = new Sample(Stopwatch.GetElapsedTime(_started, started), _sampler.Walk(offset), intervals, cpu, (long)_store.MemoryBytes);
        if (Samples.Add(sample))
        {
            _requests.HalveRate();
        }

        // What the sample itself took is not the guest's.
        NoteCpuTime();
        _requests.NoteCost(Stopwatch.GetElapsedTime(started));
    }

    private void NoteCpuTime() => (_thread, _cpu) = (Environment.CurrentManagedThreadId, ThreadCpuClock.Now());
}
