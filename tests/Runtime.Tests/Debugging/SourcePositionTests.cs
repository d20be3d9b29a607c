using HostService.Runtime.Errors;
using Xunit;

namespace HostService.Runtime.Tests.Debugging;

/// <summary>Frames of traps have the file and line of the C source: of inlined functions and of callers, in optimised code too.</summary>
public sealed class SourcePositionTests
{
    private const string File = "/source/orders.c";

    public static TheoryData<int, string> Guests
    {
        get
        {
            var guests = new TheoryData<int, string>();
            foreach (var code in OrdersGuest.Codes)
            {
                guests.Add(4, code);
                guests.Add(5, code);
            }

            return guests;
        }
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void Trap_InAnInlinedFunction_NamesItAndWhereItWasCalled(int dwarf, string code)
    {
        using var guest = new OrdersGuest(dwarf, code);

        var frame = guest.Trap("divide", 1).Frames[0];

        Assert.Equal("price_of", frame.Function);
        Assert.Equal(
            [
                Position("ratio", "dividend / divisor"),
                Position("unit_price", "ratio(order->total, order->quantity)"),
                Position("price_of", "unit_price(&order) + 1"),
            ],
            frame.Source.Select(position => position with { Column = null }));
        Assert.Equal(21, frame.Source[0].Column);
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void Trap_InOneOfSeveralCallsOfAnExpression_HasTheLineOfThatCall(int dwarf, string code)
    {
        using var guest = new OrdersGuest(dwarf, code);
        foreach (var (which, call) in new[] { (1, "price_of(100, first)"), (2, "price_of(200, second)"), (3, "price_of(300, third)") })
        {
            var frames = guest.Trap("divide", which).Frames;

            Assert.Equal(["price_of", "sum", "divide"], frames.Select(frame => frame.Function));
            Assert.Equal(Position("sum", call), Assert.Single(frames[1].Source) with { Column = null });
            Assert.Equal(Position("divide", "return sum(which != 1"), Assert.Single(frames[2].Source) with { Column = null });
            Assert.All(frames, frame => Assert.False(frame.IsApproximate));
        }
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void Fault_OfAnAccess_HasItsLineAndThatOfItsCaller(int dwarf, string code)
    {
        using var guest = new OrdersGuest(dwarf, code);

        var trap = guest.Trap("read_far");

        Assert.Equal(TrapCode.OutOfBoundsMemoryAccess, trap.Code);
        Assert.Equal(Position("element", "values[index]"), Assert.Single(trap.Frames[0].Source) with { Column = null });
        Assert.Equal("read_far", trap.Frames[1].Function);
        Assert.Equal("read_far", Assert.Single(trap.Frames[1].Source).Function);
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void StackExhaustion_HasTheLineOfEachTurn(int dwarf, string code)
    {
        using var guest = new OrdersGuest(dwarf, code);

        var trap = guest.Trap("recurse");

        Assert.Equal(TrapCode.CallStackExhausted, trap.Code);
        Assert.Equal("descend", trap.Frames[0].Source[^1].Function);
        Assert.All(trap.Frames.Skip(1), frame => Assert.Equal(Position("descend", "descend(depth + 1) ^ deepest"), frame.Source[^1] with { Column = null }));
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void Deadline_InALoop_IsInTheFunctionOfTheLoop(int dwarf, string code)
    {
        using var guest = new OrdersGuest(dwarf, code);
        guest.Store.SetEpochDeadline(0);

        var trap = guest.Trap("spin");

        Assert.Equal(TrapCode.Interrupted, trap.Code);
        Assert.Equal(("spin", File), (trap.Frames[0].Source[^1].Function, trap.Frames[0].Source[^1].File));
    }

    [Fact]
    public void StoredModule_KeepsItsPositions()
    {
        using var guest = new OrdersGuest(5, "guard pages", stored: true);

        Assert.Equal(OrdersGuest.LineOf("dividend / divisor"), guest.Trap("divide", 1).Frames[0].Source[0].Line);
    }

    [Fact]
    public void Text_OfATrap_HasThePositions()
    {
        using var guest = new OrdersGuest(5, "guard pages");

        Assert.Contains($"\n       ratio at {File}:{OrdersGuest.LineOf("dividend / divisor")}:21\n", guest.Trap("divide", 1).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ModuleWithoutDebuggingInformation_HasNoPositions()
    {
        using var guest = new Compilation.Guest("(module (func (export \"f\") unreachable))");

        Assert.Empty(Assert.Throws<TrapException>(() => guest.Call("f")).Frames[0].Source);
    }

    private static SourcePosition Position(string function, string text) => new(File, OrdersGuest.LineOf(text), null, function);
}
