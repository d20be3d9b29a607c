using System.Collections.Concurrent;
using System.Diagnostics;
using HostService.Runtime.Errors;

namespace HostService.Runtime.Fuzz.Stress;

/// <summary>Everything at once: threads compile, load, instantiate, call, trap, throw, exhaust stacks, reach deadlines, grow, share, profile, dump, dispose and drop, in Engines with few memories, while collections go on.</summary>
internal sealed class StressRun(int seed, int threads = 6)
{
    private const int MaxFindings = 25;

    private readonly long[] _done = new long[StressOperations.All.Length];
    private readonly ConcurrentQueue<string> _findings = new();
    private readonly StressKeepsakes _kept = new();
    private long _stores;
    private long _refused;
    private int _worlds;

    /// <summary>What was not as it must be.</summary>
    public IReadOnlyCollection<string> Findings => _findings;

    /// <summary>How many Stores were made.</summary>
    public long Stores => _stores;

    /// <summary>What was done so far.</summary>
    public string Report => $"seed {seed}: {_worlds} engines, {_stores} stores, {_done.Sum()} operations, {_refused} times refused for want of a memory or a module, {_findings.Count} findings";

    /// <summary>Which operations were not done at all.</summary>
    public IEnumerable<string> Missing => StressOperations.All.Where((_, place) => _done[place] == 0).Select(operation => operation.Name);

    /// <summary>Makes one world after the other until the time is over.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="perWorld">How long in each.</param>
    /// <param name="report">Is given findings at once, and how far it is each minute.</param>
    public void Run(TimeSpan duration, TimeSpan perWorld, Action<string> report)
    {
        var watch = Stopwatch.StartNew();
        var lastReport = TimeSpan.Zero;
        while (watch.Elapsed < duration && _findings.Count < MaxFindings)
        {
            var known = _findings.Count;
            var world = new StressWorld(new Random((seed * 7_919) + (++_worlds * 104_729)));
            Run(world, perWorld < duration - watch.Elapsed ? perWorld : duration - watch.Elapsed);
            _kept.Clear();
            if (world.End() is { } left)
            {
                _findings.Enqueue($"left in the end: {left} [{world}]");
            }

            foreach (var finding in _findings.Skip(known))
            {
                report(finding);
            }

            if (watch.Elapsed - lastReport > TimeSpan.FromMinutes(1))
            {
                lastReport = watch.Elapsed;
                report($"{lastReport:hh\\:mm\\:ss}, {Report}");
            }
        }
    }

    private void Run(StressWorld world, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, threads).Select(number => new Thread(() => Work(new Random((seed * 7_919) + (_worlds * 104_729) + number + 1))) { Name = $"stress {number}" }).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());

        void Work(Random random)
        {
            while (watch.Elapsed < duration && _findings.Count < MaxFindings)
            {
                var doing = "instantiate";
                try
                {
                    Use(world, random, ref doing);
                }
                catch (Exception wrong)
                {
                    _findings.Enqueue($"{doing}: {wrong} [{world}]");
                }
            }
        }
    }

    private void Use(StressWorld world, Random random, ref string doing)
    {
        var module = world.AnyModule(random);
        var store = new Store(world.Engine, new StoreLimits { MaxStackBytes = random.Next(3) == 0 ? 64 << 10 : 512 << 10 });
        StressKeepsakes.Keepsake? kept = null;
        var isDropped = random.Next(12) == 0;
        try
        {
            Interlocked.Increment(ref _stores);
            StressSession session;
            try
            {
                session = new StressSession(world, module, store, random) { Instance = module.Pre.Instantiate(store) };
            }
            catch (Exception refused) when (refused is ResourceLimitException || (refused is ObjectDisposedException && module.IsDisposed))
            {
                Interlocked.Increment(ref _refused);
                return;
            }

            session.CheckFresh();
            kept = Play(session, ref doing);
        }
        finally
        {
            if (!isDropped)
            {
                store.Dispose();
            }
        }

        if (kept is not null && !isDropped)
        {
            _kept.Leave(kept, random);
        }
    }

    private StressKeepsakes.Keepsake? Play(StressSession session, ref string doing)
    {
        var random = session.Random;
        using var profile = random.Next(10) == 0 ? GuestProfile.Start(session.Store) : null;
        if (random.Next(6) == 0)
        {
            session.Store.SetEpochDeadline((ulong)random.Next(4));
            session.IsHurried = true;
        }

        for (var left = random.Next(12); left > 0; left--)
        {
            var place = random.Next(StressOperations.All.Length);
            doing = StressOperations.All[place].Name;
            try
            {
                StressOperations.All[place].Do(session);
            }
            catch (ResourceLimitException)
            {
                Interlocked.Increment(ref _refused); // no memory for a second Store
            }

            Interlocked.Increment(ref _done[place]);
        }

        doing = "kept things";
        _kept.Use(session);
        doing = "profile";
        profile?.Stop();
        profile?.WriteTo(Stream.Null);
        doing = "end";
        return session.IsHurried || random.Next(4) != 0 ? null : StressKeepsakes.Take(session);
    }
}
