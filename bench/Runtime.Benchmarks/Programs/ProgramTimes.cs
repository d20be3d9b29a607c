using System.Diagnostics;

namespace HostService.Runtime.Benchmarks.Programs;

/// <summary>What a process of its own measured of one program on one engine.</summary>
internal sealed class ProgramTimes
{
    /// <summary>From the binary to a module that can be instantiated.</summary>
    public Elapsed Ready { get; set; }

    /// <summary>The first run of the program, right after that.</summary>
    public Elapsed First { get; set; }

    /// <summary>From the binary to a module that ran other input once and has the code of what that ran; ours only.</summary>
    public Elapsed Prepared { get; set; }

    /// <summary>The first run of the program after that.</summary>
    public Elapsed PreparedFirst { get; set; }

    /// <summary>The best of the runs after it.</summary>
    public Elapsed Steady { get; set; }

    /// <summary>From the binary to optimised code of every function, in a process that compiled nothing before; nothing for a module of very many functions.</summary>
    public Elapsed Optimized { get; set; }

    /// <summary>From what was stored after the first run to a module that can be instantiated; ours only.</summary>
    public Elapsed StoredReady { get; set; }

    /// <summary>The first run of that module, once the functions that its profile names have code.</summary>
    public Elapsed StoredFirst { get; set; }

    /// <summary>A store and an instance; ours only.</summary>
    public Elapsed Instantiate { get; set; }

    /// <summary>The same of a module with one function and no memory.</summary>
    public Elapsed InstantiateOneFunction { get; set; }

    /// <summary>What the process held before the module, with it, and after it was unloaded; ours only.</summary>
    public List<MemoryUse> Memory { get; set; } = [];

    /// <summary>The medians of several processes, each time for itself; memory as the first had it.</summary>
    public static ProgramTimes Median(IReadOnlyList<ProgramTimes> processes) => new()
    {
        Ready = Median(processes, times => times.Ready),
        First = Median(processes, times => times.First),
        Prepared = Median(processes, times => times.Prepared),
        PreparedFirst = Median(processes, times => times.PreparedFirst),
        Steady = Median(processes, times => times.Steady),
        Optimized = Median(processes, times => times.Optimized),
        StoredReady = Median(processes, times => times.StoredReady),
        StoredFirst = Median(processes, times => times.StoredFirst),
        Instantiate = Median(processes, times => times.Instantiate),
        InstantiateOneFunction = Median(processes, times => times.InstantiateOneFunction),
        Memory = processes[0].Memory,
    };

    private static Elapsed Median(IReadOnlyList<ProgramTimes> processes, Func<ProgramTimes, Elapsed> time) =>
        processes.Select(time).OrderBy(elapsed => elapsed.Milliseconds).ElementAt(processes.Count / 2);
}

/// <summary>Time that something took.</summary>
/// <param name="Milliseconds">On the clock.</param>
/// <param name="CpuMilliseconds">Of the processor, all threads.</param>
internal readonly record struct Elapsed(double Milliseconds, double CpuMilliseconds)
{
    /// <summary>Times some work.</summary>
    public static Elapsed Of(Action work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        work();
        return new Elapsed(Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }

    /// <summary>The quickest of several.</summary>
    public static Elapsed Best(int times, Action work) => Enumerable.Range(0, times).Select(_ => Of(work)).MinBy(elapsed => elapsed.Milliseconds);
}
