using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Code;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

/// <summary>Code leaves the process a quarter of its memory mappings: what is dead is collected first, and then loading is refused.</summary>
public sealed class MappingBudgetTests
{
    private int _mappings;
    private int _counted;
    private int _collected;
    private int _afterCollection;
    private readonly Clock _time = new();

    [Fact]
    public void TakeOne_WithRoom_CountsSeldom()
    {
        var budget = NewBudget(limit: 40_000);
        _mappings = 14_000; // leaves 16,000, which may be 500 images

        for (var image = 0; image <= 500; image++)
        {
            budget.TakeOne();
        }

        Assert.Equal((1, 0), (_counted, _collected));
        budget.TakeOne();
        Assert.Equal(2, _counted);
    }

    [Fact]
    public void TakeOne_WhereDeadCodeHoldsTheRoom_CollectsIt()
    {
        var budget = NewBudget(limit: 40_000);
        (_mappings, _afterCollection) = (30_001, 5_000);

        budget.TakeOne();

        Assert.Equal((2, 1), (_counted, _collected));
    }

    [Fact]
    public void TakeOne_WithoutRoom_RefusesAndCollectsNoMoreThanOnceASecond()
    {
        var budget = NewBudget(limit: 40_000);
        _mappings = _afterCollection = 39_000;

        var refusal = Assert.Throws<ResourceLimitException>(budget.TakeOne);
        Assert.Throws<ResourceLimitException>(budget.TakeOne);
        Assert.Contains("39000 of 40000 memory mappings (vm.max_map_count)", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, _collected);

        _time.Now += TimeSpan.TicksPerSecond;
        Assert.Throws<ResourceLimitException>(budget.TakeOne);
        Assert.Equal(2, _collected);

        _mappings = 20_000;
        budget.TakeOne();
    }

    [Fact]
    public void TakeOne_WhereTheSystemHasNoLimit_CountsNothing()
    {
        var budget = NewBudget(limit: 0);

        budget.TakeOne();
        budget.TakeOne();

        Assert.Equal(0, _counted);
    }

    // What many types of one module leave is for the code of others.
    [Fact]
    public void TakeOne_OfTypesAboveHalf_RefusesWhereCodeIsStillLoaded()
    {
        _mappings = _afterCollection = 20_001;

        var refusal = Assert.Throws<ResourceLimitException>(NewBudget(limit: 40_000, quarters: 2).TakeOne);
        NewBudget(limit: 40_000).TakeOne();

        Assert.Contains("types of structures and arrays take no more than half", refusal.Message, StringComparison.Ordinal);
    }

    private MappingBudget NewBudget(int limit, int quarters = 3) => new(
        limit,
        quarters,
        () =>
        {
            _counted++;
            return _mappings;
        },
        () =>
        {
            _collected++;
            _mappings = _afterCollection;
        },
        _time);

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
