using HostService.Runtime.Execution.Instructions;
using Xunit;

namespace HostService.Runtime.Tests.Execution.Intrinsic;

public class FloatTests
{
    private const uint SignallingNaN = 0x7FA00000;
    private const uint QuietBit = 0x00400000;

    [Theory]
    [InlineData(1f, 2f, 1f, 2f)]
    [InlineData(-0f, 0f, -0f, 0f)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity)]
    public void MinMax_OfNumbers_AreTheSpecifications(float left, float right, float minimum, float maximum)
    {
        Assert.Equal(Bits(minimum), Bits(Intrinsics.F32Min(left, right)));
        Assert.Equal(Bits(maximum), Bits(Intrinsics.F32Max(left, right)));
        Assert.Equal(Bits((double)minimum), Bits(Intrinsics.F64Min(left, right)));
        Assert.Equal(Bits((double)maximum), Bits(Intrinsics.F64Max(left, right)));
    }

    [Fact]
    public void MinMax_OfZeros_LookAtTheSign()
    {
        Assert.Equal(Bits(-0f), Bits(Intrinsics.F32Min(0f, -0f)));
        Assert.Equal(Bits(0d), Bits(Intrinsics.F64Max(0d, -0d)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MinMax_OfSignallingNaN_AreQuiet(bool first)
    {
        var nan = BitConverter.UInt32BitsToSingle(SignallingNaN);
        var (left, right) = first ? (nan, 1f) : (1f, nan);

        Assert.Equal(SignallingNaN | QuietBit, Bits(Intrinsics.F32Min(left, right)));
        Assert.Equal(SignallingNaN | QuietBit, Bits(Intrinsics.F32Max(left, right)));
    }

    [Fact]
    public void Reinterpret_OfSignallingNaN_KeepsEveryBit() =>
        Assert.Equal(SignallingNaN, Bits(Intrinsics.F32ReinterpretI32(unchecked((int)SignallingNaN))));

    [Fact]
    public void Demote_OfSignallingNaN_IsQuiet() =>
        Assert.Equal(0x7FE00000u, Bits(Intrinsics.F32DemoteF64(BitConverter.UInt64BitsToDouble(0x7FF4000000000000))));

    // The double next to a float's rounding boundary would be rounded to it first, and then the wrong way.
    [Theory]
    [InlineData(0x8000008000000001UL, 9223373136366403584f)]
    [InlineData(0x8000008000000000UL, 9223372036854775808f)]
    [InlineData(ulong.MaxValue, 18446744073709551616f)]
    [InlineData(0x0000000000FFFFFFUL, 16777215f)]
    public void ConvertUnsigned64ToFloat_RoundsOnce(ulong value, float expected) =>
        Assert.Equal(expected, Intrinsics.F32ConvertI64U((long)value));

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
