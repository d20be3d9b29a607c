using System.Diagnostics;

namespace HostService.Runtime.Benchmarks.Measuring;

/// <summary>Runs two sides in turn, round by round, so that whatever disturbs the machine disturbs both.</summary>
internal sealed class Contest(Effort effort)
{
    /// <summary>Measures loops: each side is given a number of operations that takes about <see cref="Effort.RoundTime"/>.</summary>
    public (Sample Ours, Sample Theirs) Loops(Action<int> ours, Action<int> theirs)
    {
        var oursOperations = Calibrate(ours);
        var theirsOperations = Calibrate(theirs);
        return Rounds(() => Time(() => ours(oursOperations), oursOperations), () => Time(() => theirs(theirsOperations), theirsOperations));
    }

    /// <summary>Measures work that prepares itself: each call makes what it needs, and times the part that counts with <see cref="Time"/>.</summary>
    public (Sample Ours, Sample Theirs) Rounds(Func<Sample> ours, Func<Sample> theirs)
    {
        var oursRounds = new List<Sample>();
        var theirsRounds = new List<Sample>();
        for (var round = 0; round < effort.Rounds; round++)
        {
            oursRounds.Add(ours());
            theirsRounds.Add(theirs());
        }

        return (Sample.FromRounds(oursRounds), Sample.FromRounds(theirsRounds));
    }

    public static Sample Time(Action work, int operations = 1)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        work();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var cpuElapsed = Environment.CpuUsage.TotalTime - cpu;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        var seconds = elapsed.TotalSeconds / operations;
        return new Sample(seconds, seconds, cpuElapsed.TotalSeconds / operations, (double)bytes / operations);
    }

    private int Calibrate(Action<int> work)
    {
        // The first calls also bring tiered code and pools to their steady state.
        var operations = 1;
        var warm = Stopwatch.GetTimestamp();
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            work(operations);
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed >= effort.RoundTime / 2 && Stopwatch.GetElapsedTime(warm) >= effort.WarmTime)
                return Math.Max(1, (int)(operations * (effort.RoundTime / elapsed)));
            if (elapsed < effort.RoundTime / 2)
                operations *= 2;
        }
    }
}
