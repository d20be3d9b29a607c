using HostService.Runtime.Execution;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

public class HolderCountTests
{
    [Fact]
    public void TheLastUserIsToldSoWhereverItWasCounted()
    {
        var holders = new HolderCount();
        Assert.True(holders.TryAcquire(0));
        Assert.True(holders.TryAcquire(1));
        Assert.True(holders.TryAcquire(1));
        Assert.False(holders.Release(1));

        Assert.False(holders.Close());
        Assert.False(holders.Close());
        Assert.False(holders.TryAcquire(0));
        Assert.False(holders.Release(0));
        Assert.True(holders.Release(1));
    }

    [Fact]
    public void TheOwnerIsTheLastWhereNobodyElseHoldsIt()
    {
        var holders = new HolderCount();
        Assert.True(holders.TryAcquire(7));
        Assert.False(holders.Release(7));
        Assert.False(holders.IsClosed);

        Assert.True(holders.Close());
        Assert.True(holders.IsClosed);
        Assert.False(holders.TryAcquire(7));
    }

    [Fact]
    public void ExactlyOneIsToldToBeTheLastWhenTheOwnerGoesAmongUsers()
    {
        for (var round = 0; round < 200; round++)
        {
            var holders = new HolderCount();
            var (last, held) = (0, 0);
            using var start = new Barrier(4);
            var users = Enumerable.Range(0, 3).Select(processor => new Thread(() =>
            {
                start.SignalAndWait();
                while (holders.TryAcquire(processor))
                {
                    Interlocked.Increment(ref held);
                    Interlocked.Decrement(ref held);
                    if (holders.Release(processor))
                    {
                        Assert.Equal(0, Volatile.Read(ref held));
                        Interlocked.Increment(ref last);
                    }
                }
            })).ToList();
            users.ForEach(user => user.Start());
            start.SignalAndWait();
            if (holders.Close())
            {
                Interlocked.Increment(ref last);
            }

            users.ForEach(user => user.Join());
            Assert.Equal(1, last);
        }
    }
}
