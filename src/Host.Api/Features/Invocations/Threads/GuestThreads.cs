using HostService.Host.Errors;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Invocations.Threads;

/// <summary>The threads that guests run on: bounded, and apart from the thread pool, which answers everything else.</summary>
/// <remarks>
/// <para>A guest may compute without end or wait for a client that sends nothing, and no code of ours can take the thread away from it before its deadline. So guests get threads of their own:
/// whatever they do, requests that run no guest go on.</para>
/// <para>Waking a thread costs more than a short guest. Therefore only as many threads as there are processors work on the queue, and each takes the next item when it is done
/// with one. A guest that does not end within a tick is declared long: it no longer counts as one of those, and another thread takes its place.</para>
/// <para>A long guest that then goes on computing gives its thread a low priority. Since a priority can't be raised again without privileges, such a thread ends with its
/// guest.</para>
/// <para>Measured in docs/adr/0006.</para>
/// </remarks>
internal sealed class GuestThreads : IDisposable
{
    // The processor time that a long guest may still use at the priority of everything else.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(10);

    private readonly ExecutionLimits _limits;
    private readonly TimeProvider _time;
    private readonly int _processors = Environment.ProcessorCount;
    private readonly Lock _lock = new();

    // All guarded by _lock.
    private readonly Queue<GuestWork> _queue = [];
    private readonly Stack<GuestThread> _idle = []; // the one that was idle for the shortest time first: its stack is still in the cache
    private readonly List<GuestThread> _busy = [];
    private int _short; // busy threads that are not long
    private int _alive; // threads that exist or are being started
    private int _started;
    private bool _stopped;

    // Starting a thread means waiting until it runs. On a busy machine that takes long, so neither requests nor the ticker do it.
    private readonly SemaphoreSlim _wanted = new(1);

    /// <summary>Makes the threads, in the background: they are there before they are needed.</summary>
    public GuestThreads(IOptions<ExecutionLimits> options, TimeProvider time)
    {
        (_limits, _time) = (options.Value, time);
        new Thread(StartThreads) { IsBackground = true, Name = "guest starter" }.Start();
    }

    /// <summary>How many guests run at this moment.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _busy.Count;
            }
        }
    }

    /// <summary>How many wait for their turn at this moment.</summary>
    public int Queued
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Runs something on a guest thread.</summary>
    /// <exception cref="ProblemException">Too much runs and waits already.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var item = new GuestWork<T>(work) { QueuedAt = _time.GetTimestamp() };
        GuestThread? woken;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (_short >= _processors || !_idle.TryPop(out woken))
            {
                // The allowance is for those that wait for one to end, and not for a thread that is just being made.
                if (_queue.Count >= _limits.MaxQueuedInvocations + Math.Max(0, _limits.MaxConcurrentInvocations - _busy.Count))
                {
                    throw TooMany();
                }

                _queue.Enqueue(item);
                return item.Task;
            }

            Assign_NeedsLock(woken, item);
        }

        woken.Signal();
        return item.Task;
    }

    /// <summary>Declares guests long that have not ended since the last but one call, gives their places to others, and refuses what has waited too long.</summary>
    /// <remarks>Called every few milliseconds.</remarks>
    /// <param name="interval">How long a guest may run before it is long.</param>
    public void Tick(TimeSpan interval)
    {
        List<GuestThread>? woken = null;
        List<GuestWork>? refused = null;
        lock (_lock)
        {
            foreach (var thread in _busy)
            {
                Judge_NeedsLock(thread, interval);
            }

            while (_queue.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.QueuedAt).TotalMilliseconds > _limits.QueueMilliseconds)
            {
                (refused ??= []).Add(_queue.Dequeue());
            }

            // Nobody waits for long while there are threads: what the processors did not get to by now is left to the system's scheduler.
            while (_queue.TryPeek(out var waiting) && _idle.Count > 0 && (_short < _processors || _time.GetElapsedTime(waiting.QueuedAt) > 2 * interval))
            {
                var thread = _idle.Pop();
                Assign_NeedsLock(thread, _queue.Dequeue());
                (woken ??= []).Add(thread);
            }
        }

        woken?.ForEach(thread => thread.Signal());
        refused?.ForEach(work => work.Refuse(TooMany()));
    }

    /// <summary>Refuses what waits and lets idle threads end. Guests that run are not waited for: their threads do not keep the process alive.</summary>
    public void Dispose()
    {
        List<GuestThread> idle;
        List<GuestWork> refused;
        lock (_lock)
        {
            _stopped = true;
            idle = [.. _idle];
            refused = [.. _queue];
            _idle.Clear();
            _queue.Clear();
        }

        _wanted.Release();
        idle.ForEach(thread => thread.Signal());
        refused.ForEach(work => work.Refuse(TooMany()));
    }

    /// <summary>Called by a thread that has just come to life.</summary>
    /// <returns>False when the thread is to end.</returns>
    internal bool Arrive(GuestThread thread, out GuestWork? first)
    {
        lock (_lock)
        {
            first = null;
            if (_stopped)
            {
                return false;
            }

            if (_short < _processors && _queue.TryDequeue(out first))
            {
                Assign_NeedsLock(thread, first);
            }
            else
            {
                _idle.Push(thread);
            }

            return true;
        }
    }

    /// <summary>Called by a thread that is done with its work.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="next">What to run next; null to wait for a signal.</param>
    /// <returns>False when the thread is to end.</returns>
    internal bool TakeNext(GuestThread thread, out GuestWork? next)
    {
        next = null;
        lock (_lock)
        {
            if (!thread.IsLong && _queue.TryDequeue(out next))
            {
                thread.Work = next;
                thread.Since = _time.GetTimestamp();
                return true;
            }

            // What waits for the place of a long one finds it at the next tick.
            _short -= thread.IsLong ? 0 : 1;
            thread.Work = null;
            thread.IsLong = false;
            _busy.Remove(thread);
            if (!thread.IsLowered && !_stopped)
            {
                _idle.Push(thread);
                return true;
            }

            _alive--;
        }

        _wanted.Release();
        return false;
    }

    // Not by the thread that ends: what it starts would inherit its low priority.
    private void StartThreads()
    {
        while (true)
        {
            _wanted.Wait();
            while (true)
            {
                GuestThread thread;
                lock (_lock)
                {
                    if (_stopped)
                    {
                        return;
                    }

                    if (_alive >= _limits.MaxConcurrentInvocations)
                    {
                        break;
                    }

                    _alive++;
                    thread = new GuestThread(this, _limits.StackBytes, ++_started);
                }

                thread.Start();
            }
        }
    }

    private void Judge_NeedsLock(GuestThread thread, TimeSpan interval)
    {
        if (!thread.IsLong && _time.GetElapsedTime(thread.Since) > interval)
        {
            thread.IsLong = true;
            thread.CpuWhenLong = ThreadClock.Of(thread.SystemId);
            _short--;
        }
        else if (thread is { IsLong: true, IsLowered: false } && ThreadClock.Of(thread.SystemId) - thread.CpuWhenLong > s_patience)
        {
            // Not when it is declared long: on a busy machine it may not even have begun.
            thread.IsLowered = true;
            ThreadPriorities.Lower(thread.SystemId);
        }
    }

    // The thread waits for a signal, or asks for work itself: nobody else looks at it.
    private void Assign_NeedsLock(GuestThread thread, GuestWork work)
    {
        thread.Work = work;
        thread.Since = _time.GetTimestamp();
        _busy.Add(thread);
        _short++;
    }

    private ProblemException TooMany() => new(
        ProblemTypes.TooManyConcurrent,
        $"{_limits.MaxConcurrentInvocations} invocations run and more wait (HostService__Limits__MaxConcurrentInvocations, __MaxQueuedInvocations, __QueueMilliseconds). Try again later.");
}
