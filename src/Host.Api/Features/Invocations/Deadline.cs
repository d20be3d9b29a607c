using HostService.Host.Errors;
using HostService.Host.Features.Invocations.Threads;
using HostService.Runtime;
using HostService.Runtime.Errors;

namespace HostService.Host.Features.Invocations;

/// <summary>The time that one invocation has: processor time, time on the clock, and the patience of its client.</summary>
/// <remarks>
/// While the guest computes, the Engine's epoch makes it ask <see cref="OnEpoch"/> every few milliseconds. While the host waits for it (a body, a reader, a sleep), the
/// <see cref="Token"/> ends the waiting. Used by the guest's thread alone, except for the token.
/// </remarks>
internal sealed class Deadline : IDisposable
{
    private static readonly Func<Store, ulong?> s_onEpoch = static store => ((Deadline)store.Data!).OnEpoch();

    private readonly ExecutionLimits _limits;
    private readonly TimeProvider _time;
    private readonly CancellationToken _aborted;
    private readonly CancellationTokenSource? _source;
    private readonly CancellationTokenRegistration _registration;
    private long _started;
    private TimeSpan _cpuAtStart;
    private bool _cpuWasOver;

    /// <param name="limits">How much of each.</param>
    /// <param name="time">The clock.</param>
    /// <param name="waits">Whether the guest can make the host wait, so that a token is needed.</param>
    /// <param name="aborted">Cancelled when the client has gone.</param>
    public Deadline(ExecutionLimits limits, TimeProvider time, bool waits, CancellationToken aborted)
    {
        (_limits, _time, _aborted) = (limits, time, aborted);
        if (waits)
        {
            _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            _registration = aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        }
    }

    /// <summary>Ends what the host waits for on the guest's behalf.</summary>
    public CancellationToken Token => _source?.Token ?? _aborted;

    /// <summary>The processor time used so far; never negative. For the guest's thread.</summary>
    // The CLR counts its compiling in time on the clock. Where processors are busy that is more than the thread computed, and the difference would fall below zero.
    public TimeSpan CpuTime => ThreadClock.Now() - _cpuAtStart is var used && used > TimeSpan.Zero ? used : TimeSpan.Zero;

    /// <summary>The processor time that was used until <see cref="Stop"/>; of a call that lasted no more than <see cref="CallHistory.QuickTime"/>, how long it lasted. For any thread, after that.</summary>
    public TimeSpan UsedCpuTime { get; private set; }

    /// <summary>How long it has lasted so far.</summary>
    public TimeSpan WallTime => _time.GetElapsedTime(_started);

    private bool IsWallOver => WallTime.TotalMilliseconds >= _limits.WallMilliseconds;

    private bool IsCpuOver => CpuTime.TotalMilliseconds >= _limits.CpuMilliseconds;

    /// <summary>Starts the clocks. On the thread that the guest will run on.</summary>
    public void Start()
    {
        _started = _time.GetTimestamp();
        _cpuAtStart = ThreadClock.Now();
        _source?.CancelAfter(TimeSpan.FromMilliseconds(_limits.WallMilliseconds));
    }

    /// <summary>Stops the clock of <see cref="UsedCpuTime"/>. On the thread that the guest ran on.</summary>
    public void Stop()
    {
        // Which can only be more than the processor time. Asking the system for that takes half a microsecond, the clock a twentieth of it.
        var wall = WallTime;
        UsedCpuTime = wall <= CallHistory.QuickTime ? wall : CpuTime;
    }

    /// <summary>Puts a Store under this deadline.</summary>
    public void Watch(Store store)
    {
        store.Data = this;
        store.OnEpochDeadline(s_onEpoch);
        store.SetEpochDeadline(1);
    }

    /// <summary>What to tell the client of an exception that ended the guest: that it ran out of time, if that is why; else the exception itself.</summary>
    public Exception Explain(Exception thrown)
    {
        if (thrown is not (TrapException { Code: TrapCode.Interrupted } or OperationCanceledException))
        {
            return thrown;
        }

        if (_aborted.IsCancellationRequested)
        {
            return new OperationCanceledException("The client has gone.", thrown, _aborted);
        }

        if (thrown is OperationCanceledException && _source is not { IsCancellationRequested: true })
        {
            return thrown;
        }

        // Not by looking at the clocks once more: the timer that cancels is a little ahead of one of them at times, and unwinding may have made the CLR compile, which sets the other one back.
        return _cpuWasOver ? Exceeded("cpu", "of processor time", _limits.CpuMilliseconds, nameof(ExecutionLimits.CpuMilliseconds))
            : Exceeded("wall", "in all", _limits.WallMilliseconds, nameof(ExecutionLimits.WallMilliseconds));
    }

    public void Dispose()
    {
        _registration.Dispose();
        _source?.Dispose();
    }

    // How many ticks until the next look, or null to end the guest.
    private ulong? OnEpoch()
    {
        _cpuWasOver = IsCpuOver;
        return _cpuWasOver || IsWallOver || _aborted.IsCancellationRequested ? null : 1;
    }

    private static ProblemException Exceeded(string limit, string what, int milliseconds, string setting) => new(
        ProblemTypes.DeadlineExceeded, $"The guest used more than {milliseconds} ms {what} (HostService__Limits__{setting}).")
    {
        Members = new Dictionary<string, object?> { ["limit"] = limit, ["milliseconds"] = milliseconds },
    };
}
