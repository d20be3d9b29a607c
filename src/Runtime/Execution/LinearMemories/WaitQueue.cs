using System.Diagnostics;
using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Execution.LinearMemories;

/// <summary>How a wait ended; the numbers are the instruction's results.</summary>
internal enum WaitResult
{
    /// <summary>Another thread woke this one.</summary>
    Woken = 0,

    /// <summary>The cell did not hold the expected value, so it did not wait.</summary>
    NotEqual = 1,

    /// <summary>The timeout passed.</summary>
    TimedOut = 2,
}

/// <summary>The threads that wait at the cells of one shared memory. Thread-safe.</summary>
/// <remarks>
/// Comparing the cell and entering the queue is one step for whoever notifies, since both take the lock. Nothing signals an epoch that
/// advances, so a thread whose Store has a deadline looks at it every <see cref="PollMilliseconds"/>; one without sleeps until it is woken.
/// <see href="https://webassembly.github.io/threads/core/exec/instructions.html#exec-memory-atomic-wait">Spec: memory.atomic.wait</see>
/// </remarks>
internal sealed class WaitQueue
{
    /// <summary>How long a deadline may have passed before a waiting thread sees it.</summary>
    private const int PollMilliseconds = 2;

    // Longer than any timer takes; the loop goes round again.
    private const int LongestSleepMilliseconds = 1 << 30;

    private readonly Dictionary<nuint, LinkedList<Waiter>> _waiters = [];    // also the lock

    /// <summary>Waits until notified.</summary>
    /// <param name="address">The cell's native address, which stays the same while the memory lives.</param>
    /// <param name="holds">Whether the cell has the expected value.</param>
    /// <param name="timeoutNanoseconds">How long at most; negative for ever.</param>
    /// <param name="state">Whose Store's deadline counts.</param>
    /// <param name="offset">The instruction, in bytes from the start of the binary.</param>
    /// <exception cref="TrapException">The Store's deadline was reached.</exception>
    public WaitResult Wait(nuint address, Func<bool> holds, long timeoutNanoseconds, InstanceState state, int offset)
    {
        var started = Stopwatch.GetTimestamp();
        var waiter = new Waiter();
        lock (_waiters)
        {
            if (!holds())
            {
                return WaitResult.NotEqual;
            }

            Enter(address, waiter);
        }

        try
        {
            while (Remaining(started, timeoutNanoseconds) is > 0 and var remaining)
            {
                var milliseconds = state.Store.HasDeadline ? Math.Min(remaining, PollMilliseconds) : remaining;
                if (waiter.Sleep(milliseconds))
                {
                    return WaitResult.Woken;
                }

                Interrupts.Poll(state, offset);
            }
        }
        finally
        {
            Leave(address, waiter);
        }

        // Whoever woke it between the timeout and here has counted it.
        return waiter.IsWoken ? WaitResult.Woken : WaitResult.TimedOut;
    }

    /// <summary>Wakes the threads that have waited longest at a cell.</summary>
    /// <param name="address">The cell's native address.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>How many were woken.</returns>
    public uint Notify(nuint address, uint count)
    {
        uint woken = 0;
        lock (_waiters)
        {
            if (_waiters.TryGetValue(address, out var queue))
            {
                for (; woken < count && queue.First is { } first; woken++)
                {
                    queue.RemoveFirst();
                    first.Value.Wake();
                }

                if (queue.Count == 0)
                {
                    _waiters.Remove(address);
                }
            }
        }

        return woken;
    }

    private static int Remaining(long started, long timeoutNanoseconds)
    {
        if (timeoutNanoseconds < 0)
        {
            return LongestSleepMilliseconds;
        }

        // Rounded up: a wait may be longer than asked for, never shorter.
        var nanoseconds = timeoutNanoseconds - (Stopwatch.GetElapsedTime(started).Ticks * (double)TimeSpan.NanosecondsPerTick);
        return (int)Math.Clamp(Math.Ceiling(nanoseconds / 1_000_000), 0, LongestSleepMilliseconds);
    }

    private void Enter(nuint address, Waiter waiter)
    {
        if (!_waiters.TryGetValue(address, out var queue))
        {
            _waiters.Add(address, queue = []);
        }

        queue.AddLast(waiter);
    }

    private void Leave(nuint address, Waiter waiter)
    {
        lock (_waiters)
        {
            if (!waiter.IsWoken && _waiters.TryGetValue(address, out var queue) && queue.Remove(waiter) && queue.Count == 0)
            {
                _waiters.Remove(address);
            }
        }
    }

    private sealed class Waiter
    {
        // Set with the queue's lock and this object's; read with either.
        public bool IsWoken { get; private set; }

        public bool Sleep(int milliseconds)
        {
            lock (this)
            {
                return IsWoken || (Monitor.Wait(this, milliseconds) && IsWoken);
            }
        }

        public void Wake()
        {
            lock (this)
            {
                IsWoken = true;
                Monitor.Pulse(this);
            }
        }
    }
}
