using HostService.Runtime.Compilation.Background;
using Xunit;

namespace HostService.Runtime.Tests.Compilation;

/// <summary>What ran is optimised before what is only likely to run, and every method once.</summary>
public sealed class MethodQueueTests
{
    [Fact]
    public void Take_FunctionsThatRan_ComeFirstAndAllComeOnce()
    {
        var queue = new MethodQueue([4, 2, 0, 1, 3, 5], [0, 1, 0, 1, 0]);

        Assert.Equal([1, 3, 4, 2, 0, 5], Take(queue, 6));
    }

    [Fact]
    public void Take_FunctionThatRunsMeanwhile_IsNextSoonAfter()
    {
        const int Functions = 1_000_000;
        const int Last = Functions - 1;
        var ran = new byte[Functions];
        var queue = new MethodQueue([.. Enumerable.Range(0, Functions)], ran);
        Assert.Equal(0, queue.Take());
        ran[Last] = 1;

        var taken = new List<int>();
        do
        {
            taken.Add(queue.Take());
            Thread.Sleep(1);
        }
        while (taken[^1] != Last && taken.Count < 10_000);

        Assert.Equal(Last, taken[^1]);
        Assert.Equal([.. Enumerable.Range(1, taken.Count - 1)], taken[..^1]);
        Assert.DoesNotContain(Last, Take(queue, Functions - 1 - taken.Count));
    }

    private static List<int> Take(MethodQueue queue, int count) => [.. Enumerable.Range(0, count).Select(_ => queue.Take())];
}
