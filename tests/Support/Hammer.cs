using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace HostService.Support;

/// <summary>Does something again and again on many threads at once, for a bounded time, and reports the first failure.</summary>
public static class Hammer
{
    /// <summary>Runs until the time is over or something failed, and waits for all threads.</summary>
    /// <param name="threads">How many threads. More than the machine has processors makes for more interleavings.</param>
    /// <param name="duration">How long.</param>
    /// <param name="blow">What to do; it is given its thread's number and random numbers of its own.</param>
    /// <param name="atLeast">How often it is done all the same where the machine is so busy that the time is over before that.</param>
    /// <returns>How often it was done.</returns>
    public static long Run(int threads, TimeSpan duration, Action<int, Random> blow, long atLeast = 0)
    {
        var watch = Stopwatch.StartNew();
        using var start = new Barrier(threads);
        var blows = 0L;
        ExceptionDispatchInfo? failure = null;
        var workers = Enumerable.Range(0, threads).Select(number => new Thread(() => Work(number)) { IsBackground = true, Name = $"hammer {number}" }).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        failure?.Throw();
        return blows;

        void Work(int number)
        {
            var random = new Random(number);
            start.SignalAndWait();
            try
            {
                while ((watch.Elapsed < duration || Interlocked.Read(ref blows) < atLeast) && Volatile.Read(ref failure) is null)
                {
                    blow(number, random);
                    Interlocked.Increment(ref blows);
                }
            }
            catch (Exception thrown)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(thrown), null);
            }
        }
    }
}
