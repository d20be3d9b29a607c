using HostService.Runtime.Execution.Code;
using Xunit;

namespace HostService.Runtime.Tests.Execution;

public class AddressMapTests
{
    [Fact]
    public void Find_AmongSites_IsTheNextOneOfItsKind()
    {
        var map = Map(
            [new(10, 100, AddressSiteKind.Call), new(20, 105, AddressSiteKind.Access), new(30, 103, AddressSiteKind.Call)],
            [],
            [new(7, 70_000, AddressSiteKind.Call), new(70_007, 70_300, AddressSiteKind.Call)]);

        Assert.Equal(3, map.FunctionCount);
        Assert.Equal(100, map.Find(0, 0, AddressSiteKind.Call));
        Assert.Equal(100, map.Find(0, 9, AddressSiteKind.Call));
        Assert.Equal(103, map.Find(0, 10, AddressSiteKind.Call));
        Assert.Equal(105, map.Find(0, 11, AddressSiteKind.Access));
        Assert.Equal(70_300, map.Find(2, 5_000, AddressSiteKind.Call));
    }

    [Fact]
    public void Find_BeyondTheLastSite_IsTheLast() =>
        Assert.Equal(103, Map((AddressSite[])[new(30, 103, AddressSiteKind.Call)]).Find(0, 31, AddressSiteKind.Call));

    [Fact]
    public void Find_WithoutSites_IsNone()
    {
        var map = Map([], [new(1, 2, AddressSiteKind.Call)]);

        Assert.Equal(-1, map.Find(0, 0, AddressSiteKind.Call));
        Assert.Equal(-1, map.Find(1, 0, AddressSiteKind.Access));
    }

    private static AddressMap Map(params AddressSite[][] functions)
    {
        List<byte> sites = [];
        List<int> ends = [];
        foreach (var function in functions)
        {
            var previous = default(AddressSite);
            foreach (var site in function)
            {
                AddressMap.Append(sites, site, previous);
                previous = site;
            }

            ends.Add(sites.Count);
        }

        return new AddressMap([.. ends], [.. sites]);
    }
}
