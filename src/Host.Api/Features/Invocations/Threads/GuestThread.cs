using System.Diagnostics.CodeAnalysis;

namespace HostService.Host.Features.Invocations.Threads;

/// <summary>A thread that runs guests, one at a time. Its fields belong to <see cref="GuestThreads"/> and are guarded by the lock there.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The thread disposes of its own signal when it ends.")]
internal sealed class GuestThread
{
    // Below a guest's stack: what the engine keeps for throwing and compiling (256 KiB), and the host's own frames.
    private const int HostStackBytes = 1 << 20;

    private readonly SemaphoreSlim _signal = new(0);
    private readonly Thread _thread;
    private readonly GuestThreads _owner;

    public GuestThread(GuestThreads owner, int guestStackBytes, int number)
    {
        _owner = owner;
        _thread = new Thread(Loop, guestStackBytes + HostStackBytes) { IsBackground = true, Name = $"guest {number}" };
    }

    /// <summary>What it runs now, or is to run next.</summary>
    public GuestWork? Work { get; set; }

    /// <summary>When it began with that.</summary>
    public long Since { get; set; }

    /// <summary>Whether that has taken long enough for another thread to take this one's place.</summary>
    public bool IsLong { get; set; }

    /// <summary>The processor time that the thread had used when <see cref="IsLong"/> was set.</summary>
    public TimeSpan CpuWhenLong { get; set; }

    /// <summary>Whether it was given a low priority, so that it must end with what it runs now.</summary>
    public bool IsLowered { get; set; }

    /// <summary>Set by the thread itself when it starts; 0 before that and where the system has no such thing.</summary>
    public int SystemId { get; private set; }

    /// <summary>Starts it, and waits until the system has.</summary>
    public void Start() => _thread.Start();

    /// <summary>Wakes it: there is work, or nothing more to come.</summary>
    public void Signal() => _signal.Release();

    private void Loop()
    {
        SystemId = ThreadPriorities.CurrentSystemId();
        var stays = _owner.Arrive(this, out var work);
        while (stays)
        {
            while (stays && work is not null)
            {
                work.Run();
                stays = _owner.TakeNext(this, out work);
            }

            if (stays)
            {
                _signal.Wait();
                work = Work;
                stays = work is not null;
            }
        }

        _signal.Dispose();
    }
}
