using HostService.Runtime;

namespace HostService.Host.Features.Invocations.Threads;

/// <summary>The one thread that lets time pass for guests: it advances the Engine's epoch and looks after guests that take long.</summary>
/// <remarks>A thread of its own rather than a timer, whose callbacks would wait for a free thread of the pool.</remarks>
internal sealed class EpochTicker(Engine engine, GuestThreads threads, QuickCalls quick) : IHostedService, IDisposable
{
    /// <summary>How often. Limits are a thousand times longer; and 200 wake-ups a second take no measurable share of a processor.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly ManualResetEventSlim _stop = new(false, spinCount: 0);
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "epoch" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        End();
        return Task.CompletedTask;
    }

    /// <summary>Ends the thread as well: a host whose start fails, because its address is taken, is disposed without having been stopped.</summary>
    public void Dispose()
    {
        End();
        _stop.Dispose();
    }

    private void End()
    {
        _stop.Set();
        _thread?.Join();
        _thread = null;
    }

    private void Run()
    {
        while (!_stop.Wait(Interval))
        {
            engine.IncrementEpoch();
            threads.Tick(Interval);
            quick.Tick(Interval);
        }
    }
}
