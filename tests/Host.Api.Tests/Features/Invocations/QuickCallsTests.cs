using HostService.Host.Features.Invocations;
using HostService.Host.Features.Invocations.Threads;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features.Invocations;

public class QuickCallsTests
{
    private static readonly TimeSpan s_interval = EpochTicker.Interval;

    private readonly ManualClock _clock = new();
    private readonly QuickCalls _quick;

    public QuickCallsTests() => _quick = Make(new ExecutionLimits());

    [Fact]
    public void TryEnter_FunctionThatIsNotKnownYet_HasNoPlace()
    {
        var history = new CallHistory();
        Assert.Null(_quick.TryEnter("t", history));

        Quick(history, 63);
        Assert.Null(_quick.TryEnter("t", history));

        Quick(history, 1);
        Assert.NotNull(_quick.TryEnter("t", history));
    }

    [Fact]
    public void TryEnter_FunctionThatIsSlowNowAndThen_HasAPlaceOnlyWhenThatIsRare()
    {
        var history = new CallHistory();
        for (var round = 0; round < 100; round++)
        {
            Quick(history, 16);
            history.Slow();
        }

        Assert.False(history.IsQuick);
        for (var round = 0; round < 100; round++)
        {
            Quick(history, 32);
            history.Slow();
        }

        Assert.True(history.IsQuick);
    }

    [Fact]
    public void Note_ACallThatComputedOrWaitedForLonger_IsSlow()
    {
        var (computing, waiting) = (Trusted(), Trusted());
        for (var call = 0; call < 5; call++)
        {
            computing.Note(CallHistory.QuickTime + TimeSpan.FromMicroseconds(1), CallHistory.QuickTime);
            waiting.Note(TimeSpan.Zero, s_interval + TimeSpan.FromMicroseconds(1));
        }

        Assert.False(computing.IsQuick);
        Assert.False(waiting.IsQuick);
    }

    [Fact]
    public void TryEnter_MoreThanThereAreProcessors_HaveNoPlaceUntilOneLeaves()
    {
        var (history, deadline) = (Trusted(), Started());
        var places = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => _quick.TryEnter("t", history)!).ToList();

        Assert.Equal(Environment.ProcessorCount, places.Distinct().Count());
        Assert.Equal(Environment.ProcessorCount, _quick.Running);
        Assert.Null(_quick.TryEnter("t", history));
        _quick.Leave(places[0], "t", history, deadline);
        Assert.Same(places[0], _quick.TryEnter("t", history));
        Assert.Equal(Environment.ProcessorCount + 1, _quick.Total);
    }

    [Fact]
    public void TryEnter_WithLargerStacksThanThePoolHas_HasNoPlace() =>
        Assert.Null(Make(new ExecutionLimits { StackBytes = (512 << 10) + 1 }).TryEnter("t", Trusted()));

    [Fact]
    public void Tick_WhileAGuestIsLong_GivesThePoolAThread()
    {
        ThreadPool.GetMinThreads(out var before, out _);
        var (history, deadline) = (Trusted(), Started());
        var place = _quick.TryEnter("t", history)!;

        _clock.Advance(s_interval);
        _quick.Tick(s_interval);
        Assert.Equal(before, MinThreads());

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _quick.Tick(s_interval);
        _quick.Tick(s_interval);
        Assert.Equal(before + 1, MinThreads());

        _quick.Leave(place, "t", history, deadline);
        Assert.Equal(before, MinThreads());
        // It was there for long without computing: the processors may have been busy.
        _quick.Leave(_quick.TryEnter("t", history)!, "t", history, deadline);
    }

    [Fact]
    public void Leave_OfAGuestThatComputedForLong_IsNotTrustedAgainNorItsTenantForAWhile()
    {
        var (history, deadline) = (Trusted(), Started());
        var place = _quick.TryEnter("t", history)!;
        while (deadline.CpuTime <= s_interval)
        {
        }

        _clock.Advance(2 * s_interval);
        deadline.Stop();
        _quick.Leave(place, "t", history, deadline);

        Quick(history, 1_000);
        Assert.Null(_quick.TryEnter("another", history));
        Assert.Null(_quick.TryEnter("t", Trusted()));
        _quick.Leave(_quick.TryEnter("another", Trusted())!, "another", history, Started());

        _clock.Advance(QuickCalls.Penalty);
        _quick.Tick(s_interval);
        Assert.NotNull(_quick.TryEnter("t", Trusted()));
    }

    [Fact]
    public void Leave_OfAGuestThatWaitedForLong_IsNotTrustedAgainEither()
    {
        var (history, deadline) = (Trusted(), Started());
        var place = _quick.TryEnter("t", history)!;
        deadline.Stop();

        _clock.Advance(TimeSpan.FromMilliseconds(1_001));
        _quick.Leave(place, "t", history, deadline);

        Assert.False(history.IsQuick);
        Assert.Null(_quick.TryEnter("t", Trusted()));
    }

    [Fact]
    public void Histories_OfAModuleWithManyFunctions_AreOfTheFirstOnes()
    {
        var histories = new CallHistories();
        var functions = Enumerable.Range(0, 300).Select(number => $"f{number}").ToList();

        Assert.Equal(256, functions.Count(function => histories.Of(function) is not null));
        Assert.Same(histories.Of(functions[7]), histories.Of(functions[7]));
        Assert.NotSame(histories.Of(functions[7]), histories.Of(functions[8]));
    }

    private static CallHistory Trusted()
    {
        var history = new CallHistory();
        Quick(history, 1_000);
        return history;
    }

    private static void Quick(CallHistory history, int times)
    {
        for (var time = 0; time < times; time++)
        {
            history.Note(CallHistory.QuickTime, s_interval);
        }
    }

    private static int MinThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }

    private QuickCalls Make(ExecutionLimits limits) => new(Options.Create(limits), _clock);

    private Deadline Started()
    {
        var deadline = new Deadline(new ExecutionLimits(), _clock, waits: false, default);
        deadline.Start();
        return deadline;
    }
}
