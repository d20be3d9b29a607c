using HostService.Host.Features.Invocations;
using HostService.Host.Features.Invocations.Threads;
using Xunit;

namespace HostService.Host.Tests.Features.Invocations;

public class DeadlineTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void UsedCpuTime_OfAShortCall_IsHowLongItLasted()
    {
        using var deadline = Start();

        _clock.Advance(CallHistory.QuickTime);
        deadline.Stop();

        Assert.Equal(CallHistory.QuickTime, deadline.UsedCpuTime);
    }

    [Fact]
    public void UsedCpuTime_OfACallThatWaited_IsNotHowLongItLasted()
    {
        using var deadline = Start();

        _clock.Advance(TimeSpan.FromDays(1));
        deadline.Stop();

        Assert.InRange(deadline.UsedCpuTime, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    private Deadline Start()
    {
        var deadline = new Deadline(new ExecutionLimits(), _clock, waits: false, default);
        deadline.Start();
        return deadline;
    }
}
