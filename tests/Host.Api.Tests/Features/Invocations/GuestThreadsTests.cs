using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Invocations.Threads;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features.Invocations;

public sealed class GuestThreadsTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private readonly ManualResetEventSlim _release = new();
    private GuestThreads _threads;

    public GuestThreadsTests() => _threads = Make(new ExecutionLimits());

    public void Dispose()
    {
        _release.Set();
        _threads.Dispose();
    }

    [Fact]
    public async Task Run_Work_RunsOffThePoolAndGivesItsResult() =>
        Assert.Equal((42, false), await _threads.RunAsync(() => (42, Thread.CurrentThread.IsThreadPoolThread)).WaitAsync(s_patience));

    [Fact]
    public async Task Run_WorkThatThrows_ThrowsThat() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => _threads.RunAsync<int>(() => throw new NotSupportedException()).WaitAsync(s_patience));

    [Fact]
    public async Task Run_InARequest_FlowsItsContext()
    {
        var local = new AsyncLocal<string> { Value = "request" };

        Assert.Equal("request", await _threads.RunAsync(() => local.Value).WaitAsync(s_patience));
    }

    [Fact]
    public async Task Run_ManyOneAfterAnother_UsesFewThreads()
    {
        // A thread that has just come to life is the next to be taken, so it is once all are there that the same few do the work.
        var started = TimeProvider.System.GetTimestamp();
        var threads = new HashSet<int>();
        do
        {
            threads.Clear();
            foreach (var _ in Enumerable.Range(0, 200))
            {
                threads.Add(await _threads.RunAsync(() => Environment.CurrentManagedThreadId).WaitAsync(s_patience));
            }
        }
        while (threads.Count > Environment.ProcessorCount + 1 && TimeProvider.System.GetElapsedTime(started) < s_patience);

        Assert.InRange(threads.Count, 1, Environment.ProcessorCount + 1);
    }

    [Fact]
    public async Task Run_BehindGuestsThatDoNotEnd_GetsAThreadAtTheNextTick()
    {
        var blocked = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => BlockAsync()).ToList();
        var waiting = _threads.RunAsync(() => 1);
        Assert.Equal(1, _threads.Queued);

        _clock.Advance(TimeSpan.FromMilliseconds(6));
        _threads.Tick(EpochTicker.Interval);

        Assert.Equal(1, await waiting.WaitAsync(s_patience));
        _release.Set();
        await Task.WhenAll(blocked).WaitAsync(s_patience);
    }

    [Fact]
    public async Task Run_BeyondThreadsAndQueue_IsRefused()
    {
        _threads = Make(new ExecutionLimits { MaxConcurrentInvocations = 1, MaxQueuedInvocations = 1 });
        var running = BlockAsync();
        var queued = _threads.RunAsync(() => 1);

        Assert.Equal("too-many-concurrent", Assert.Throws<ProblemException>(() => { _ = _threads.RunAsync(() => 2); }).Type.Slug);

        _release.Set();
        await running.WaitAsync(s_patience);
        Assert.Equal(1, await queued.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Run_WaitingForTooLong_IsRefused()
    {
        _threads = Make(new ExecutionLimits { MaxConcurrentInvocations = 1, QueueMilliseconds = 100 });
        var running = BlockAsync();
        var queued = _threads.RunAsync(() => 1);

        _clock.Advance(TimeSpan.FromMilliseconds(101));
        _threads.Tick(EpochTicker.Interval);

        Assert.Equal("too-many-concurrent", (await Assert.ThrowsAsync<ProblemException>(() => queued.WaitAsync(s_patience))).Type.Slug);
        _release.Set();
        await running.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Tick_GuestThatComputesForLong_EndsItsThreadWithIt()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _threads = Make(new ExecutionLimits { MaxConcurrentInvocations = 1 });
        var stop = false;
        var thread = 0;
        var first = _threads.RunAsync(() =>
        {
            Volatile.Write(ref thread, ThreadPriorities.CurrentSystemId());
            while (!Volatile.Read(ref stop))
            {
            }

            return thread;
        });
        // On a busy machine it takes a while until the thread has computed for long.
        var started = TimeProvider.System.GetTimestamp();
        while ((Volatile.Read(ref thread) == 0 || NiceOf(thread) == 0) && TimeProvider.System.GetElapsedTime(started) < s_patience)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(6));
            _threads.Tick(EpochTicker.Interval);
            await Task.Delay(5);
        }

        var lowered = thread == 0 ? 0 : NiceOf(thread);
        Volatile.Write(ref stop, true);
        Assert.Equal(10, lowered);
        // The next guest has a thread of ordinary priority again.
        var (next, nice) = await _threads.RunAsync(() => (ThreadPriorities.CurrentSystemId(), NiceOf(ThreadPriorities.CurrentSystemId()))).WaitAsync(s_patience);
        Assert.NotEqual(await first.WaitAsync(s_patience), next);
        Assert.Equal(0, nice);
    }

    [Fact]
    public async Task Dispose_WithWorkInTheQueue_RefusesIt()
    {
        _threads = Make(new ExecutionLimits { MaxConcurrentInvocations = 1 });
        var running = BlockAsync();
        var queued = _threads.RunAsync(() => 1);
        _threads.Dispose();

        await Assert.ThrowsAsync<ProblemException>(() => queued.WaitAsync(s_patience));
        Assert.Throws<ObjectDisposedException>(() => { _ = _threads.RunAsync(() => 1); });
        _release.Set();
        Assert.Equal(0, await running.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Hammer_ManyCallersAtOnce_LoseNothing()
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var sum = 0L;
            for (var i = 0; i < 2_000; i++)
            {
                var value = i;
                sum += await _threads.RunAsync(() => value);
            }

            return sum;
        }))).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.All(sums, sum => Assert.Equal(1_999_000, sum));
        Assert.Equal(0, _threads.Queued);
    }

    // The field after the name in parentheses is number 3; nice is number 19.
    private static int NiceOf(int thread)
    {
        var stat = File.ReadAllText($"/proc/self/task/{thread}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
    }

    private GuestThreads Make(ExecutionLimits limits) => new(Options.Create(limits), _clock);

    private Task<int> BlockAsync()
    {
        var started = new ManualResetEventSlim();
        var task = _threads.RunAsync(() =>
        {
            started.Set();
            _release.Wait(s_patience);
            return 0;
        });
        started.Wait(s_patience);
        return task;
    }
}
