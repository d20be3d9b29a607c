using HostService.Runtime.Errors;
using HostService.Runtime.Execution.Instructions;
using Xunit;

namespace HostService.Runtime.Tests.Execution.Intrinsic;

public class ConversionTests
{
    private const int Offset = 77;

    [Fact]
    public void Truncation_NextToItsBounds_IsExact()
    {
        Assert.Equal(int.MinValue, Intrinsics.I32TruncF32S(-2147483648f, Offset));
        Assert.Equal(2147483520, Intrinsics.I32TruncF32S(2147483520f, Offset));
        Assert.Equal(int.MinValue, Intrinsics.I32TruncF64S(-2147483648.9, Offset));
        Assert.Equal(int.MaxValue, Intrinsics.I32TruncF64S(2147483647.9, Offset));
        Assert.Equal(-1, Intrinsics.I32TruncF64U(4294967295.9, Offset));
        Assert.Equal(0, Intrinsics.I32TruncF32U(-0.9f, Offset));
        Assert.Equal(long.MinValue, Intrinsics.I64TruncF64S(-9223372036854775808d, Offset));
        Assert.Equal(9223372036854774784L, Intrinsics.I64TruncF64S(9223372036854774784d, Offset));
        Assert.Equal(-2048L, Intrinsics.I64TruncF64U(18446744073709549568d, Offset));
        Assert.Equal(0L, Intrinsics.I64TruncF32U(-0.9f, Offset));
    }

    [Fact]
    public void Truncation_BeyondItsBounds_TrapsOverflow()
    {
        AssertTraps(TrapCode.IntegerOverflow, () => Intrinsics.I32TruncF32S(2147483648f, Offset));
        AssertTraps(TrapCode.IntegerOverflow, () => Intrinsics.I32TruncF32S(-2147483904f, Offset));
        AssertTraps(TrapCode.IntegerOverflow, () => Intrinsics.I32TruncF64S(-2147483649d, Offset));
        AssertTraps(TrapCode.IntegerOverflow, () => Intrinsics.I32TruncF64U(-1d, Offset));
        AssertTraps(TrapCode.IntegerOverflow, () => Intrinsics.I32TruncF32U(4294967296f, Offset));
        AssertTraps(TrapCode.IntegerOverflow, () => Intrinsics.I64TruncF32S(9223372036854775808f, Offset));
        AssertTraps(TrapCode.IntegerOverflow, () => Intrinsics.I64TruncF64U(18446744073709551616d, Offset));
        AssertTraps(TrapCode.IntegerOverflow, () => Intrinsics.I64TruncF64S(double.PositiveInfinity, Offset));
    }

    [Fact]
    public void Truncation_OfNaN_TrapsInvalidConversion()
    {
        AssertTraps(TrapCode.InvalidConversionToInteger, () => Intrinsics.I32TruncF32S(float.NaN, Offset));
        AssertTraps(TrapCode.InvalidConversionToInteger, () => Intrinsics.I64TruncF64U(double.NaN, Offset));
    }

    [Fact]
    public void Saturation_BeyondItsBounds_IsTheBound()
    {
        Assert.Equal(int.MaxValue, Intrinsics.I32TruncSatF32S(3e9f));
        Assert.Equal(int.MinValue, Intrinsics.I32TruncSatF64S(double.NegativeInfinity));
        Assert.Equal(-1, Intrinsics.I32TruncSatF32U(5e9f));
        Assert.Equal(0, Intrinsics.I32TruncSatF64U(-1d));
        Assert.Equal(long.MaxValue, Intrinsics.I64TruncSatF32S(1e30f));
        Assert.Equal(-1L, Intrinsics.I64TruncSatF64U(1e30));
        Assert.Equal(0L, Intrinsics.I64TruncSatF32U(float.NaN));
        Assert.Equal(0, Intrinsics.I32TruncSatF32S(float.NaN));
    }

    private static void AssertTraps(TrapCode code, Func<long> conversion)
    {
        var trap = Assert.Throws<TrapException>(() => { conversion(); });
        Assert.Equal((code, (long?)Offset), (trap.Code, trap.ThrownAt));
    }
}
