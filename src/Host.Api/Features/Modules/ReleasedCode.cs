using System.Threading.Channels;
using HostService.Host.Observability;
using HostService.Runtime;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Modules;

/// <summary>Gives memory back to the system that modules leave when they go. See docs/adr/0034.</summary>
/// <remarks>
/// The code of a module is the garbage collector's to take away, and a service that idles does not collect: after a program of 58 MB was deleted, the process
/// kept 1.8 GB. So once enough was released, this collects, compacts and gives free memory back, at most once in an interval, because nothing runs meanwhile.
/// A module that an invocation still uses is tried again. Thread-safe.
/// </remarks>
internal sealed partial class ReleasedCode(IOptions<EngineSettings> settings, HostMetrics metrics, TimeProvider time, ILogger<ReleasedCode> logger) : BackgroundService
{
    // Deletions that come together, and invocations that are about to end, are served by one collection.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(2);

    // With pauses of a tenth of a second, as measured after the largest programs, no more than a hundredth of the time.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    // What is still in use after that many collections is left to the collector's own course.
    private const int MaxAttempts = 8;

    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly List<(WeakReference<Module> Module, int Attempts)> _released = []; // guarded by _lock
    private long _releasedBytes;                                                         // guarded by _lock

    private long ThresholdBytes => (long)settings.Value.CollectAfterMegabytes << 20;

    /// <summary>Releases a module.</summary>
    public void Release(CompiledModule compiled)
    {
        var module = compiled.Pre.Module;
        var held = module.GetStatistics();
        compiled.Dispose();
        if (ThresholdBytes == 0)
        {
            return;
        }

        lock (_lock)
        {
            _released.Add((new WeakReference<Module>(module), 0));
            _releasedBytes += held.BinaryBytes + held.ImageBytes + held.LoadedImageBytes + held.AddressMapBytes + held.InterpreterBytes;
            if (_releasedBytes >= ThresholdBytes)
            {
                _wanted.Writer.TryWrite(true);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _wanted.Reader.ReadAsync(stoppingToken);
                await Task.Delay(s_settling, time, stoppingToken);

                // On a thread of its own: it is held for as long as the collection lasts.
                await Task.Factory.StartNew(Collect, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                await Task.Delay(s_interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private void Collect()
    {
        List<(WeakReference<Module> Module, int Attempts)> released;
        lock (_lock)
        {
            released = [.. _released];
            _released.Clear();
            _releasedBytes = 0;
        }

        var workingSet = Environment.WorkingSet;
        var pause = GC.GetTotalPauseDuration();

        // One finds that the code is unused and one that its loader is; their finalizers let the CLR unload it. Not compacting, or what is about to go would be moved.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
            GC.WaitForPendingFinalizers();
        }

        var used = released.Where(entry => entry.Module.TryGetTarget(out _)).ToList();
        if (used.Count < released.Count)
        {
            // This one compacts what is left and gives free memory back to the system.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        pause = GC.GetTotalPauseDuration() - pause;
        LogCollected(released.Count - used.Count, (workingSet - Environment.WorkingSet) >> 20, pause.TotalMilliseconds, used.Count);
        metrics.CodeCollected(pause, used.Count == 0 ? "freed" : "in_use");
        lock (_lock)
        {
            _released.AddRange(used.Where(entry => entry.Attempts + 1 < MaxAttempts).Select(entry => (entry.Module, entry.Attempts + 1)));
            if (_released.Exists(entry => entry.Attempts > 0))
            {
                _wanted.Writer.TryWrite(true);
            }
        }
    }

    [LoggerMessage(240, LogLevel.Information, "Collected the code of {Modules} released modules: {Megabytes} MB given back, nothing ran for {Milliseconds:0} ms. {InUse} are still in use.")]
    private partial void LogCollected(int modules, long megabytes, double milliseconds, int inUse);
}
