using HostService.Host.Features.Invocations;
using HostService.Host.Features.Invocations.Threads;
using HostService.Runtime;
using Microsoft.Extensions.Options;
using Xunit;

namespace HostService.Host.Tests.Features.Invocations;

public class EpochTickerTests
{
    [Fact]
    public async Task Dispose_OfOneThatNobodyStopped_EndsItsThread()
    {
        using var engine = new Engine();
        var limits = Options.Create(new ExecutionLimits { MaxConcurrentInvocations = 1 });
        using var threads = new GuestThreads(limits, TimeProvider.System);
        var quick = new QuickCalls(limits, TimeProvider.System);
        // A thread that outlived its ticker would end the process, sooner or later within this time.
        foreach (var _ in Enumerable.Range(0, 20))
        {
            using var ticker = new EpochTicker(engine, threads, quick);
            await ticker.StartAsync(default);
        }

        await Task.Delay(4 * EpochTicker.Interval);
    }
}
