using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Instructions;
using Xunit;

namespace HostService.Runtime.Tests.Execution.Intrinsic;

public class IntegerTests
{
    [Fact]
    public void Division_OfMinimumByMinusOne_TrapsButItsRemainderIsZero()
    {
        Assert.Equal(TrapCode.IntegerOverflow, Assert.Throws<TrapException>(() => Intrinsics.I32DivS(int.MinValue, -1, 0)).Code);
        Assert.Equal(TrapCode.IntegerOverflow, Assert.Throws<TrapException>(() => Intrinsics.I64DivS(long.MinValue, -1, 0)).Code);
        Assert.Equal(0, Intrinsics.I32RemS(int.MinValue, -1, 0));
        Assert.Equal(0, Intrinsics.I64RemS(long.MinValue, -1, 0));
    }

    [Fact]
    public void Division_ByZero_Traps()
    {
        Assert.Equal(TrapCode.IntegerDivideByZero, Assert.Throws<TrapException>(() => Intrinsics.I32DivU(1, 0, 0)).Code);
        Assert.Equal(TrapCode.IntegerDivideByZero, Assert.Throws<TrapException>(() => Intrinsics.I64RemS(1, 0, 0)).Code);
    }

    [Fact]
    public void Division_Unsigned_TakesTheHighBitAsValue()
    {
        Assert.Equal(0x7FFFFFFF, Intrinsics.I32DivU(-1, 2, 0));
        Assert.Equal(1L, Intrinsics.I64RemU(-1, 2, 0));
    }

    [Fact]
    public void Rotation_ByMoreThanTheWidth_TakesTheCountModuloIt()
    {
        Assert.Equal(2L, Intrinsics.I64Rotl(1, 65));
        Assert.Equal(long.MinValue, Intrinsics.I64Rotr(1, 129));
    }

    [Fact]
    public void CountingBits_OfZero_IsTheWidth() => Assert.Equal((64L, 64L, 0L), (Intrinsics.I64Clz(0), Intrinsics.I64Ctz(0), Intrinsics.I64Popcnt(0)));
}
