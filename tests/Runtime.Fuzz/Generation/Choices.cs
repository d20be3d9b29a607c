using CsCheck;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>Draws choices from CsCheck's random numbers.</summary>
internal sealed class Choices(PCG pcg)
{
    private static readonly ulong[] s_integers =
    [
        0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue, ulong.MaxValue - 1, unchecked((ulong)-128), unchecked((ulong)-32768), 0xFFFF_FFFF_8000_0000,
    ];

    private static readonly double[] s_floats =
    [
        0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 2147483647.0, 2147483648.0, -2147483648.0, -2147483649.0, 4294967295.0, 4294967296.0,
        9223372036854775807.0, -9223372036854775808.0, 18446744073709551616.0, 16777217.0, 9007199254740993.0, double.Epsilon, 1.1754943508222875e-38, 1e-45, double.MaxValue,
        3.4028234663852886e38, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    /// <summary>A number below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)pcg.Next((uint)bound);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    public T Of<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public ulong Bits64() => pcg.Next64();

    public ValType Number() => Below(4) switch
    {
        0 => ValType.I32,
        1 => ValType.I64,
        2 => ValType.F32,
        _ => ValType.F64,
    };

    public long Integer() => Below(3) switch
    {
        0 => (long)s_integers[Below(s_integers.Length)],
        1 => Below(200) - 100,
        _ => (long)Bits64() >> Below(64),
    };

    public uint Float32() => Below(3) switch
    {
        0 => BitConverter.SingleToUInt32Bits((float)s_floats[Below(s_floats.Length)]),
        1 => BitConverter.SingleToUInt32Bits(Below(2000) - 1000 + (Below(4) * 0.25f)),
        _ => (uint)Bits64(),
    };

    public ulong Float64() => Below(3) switch
    {
        0 => BitConverter.DoubleToUInt64Bits(s_floats[Below(s_floats.Length)]),
        1 => BitConverter.DoubleToUInt64Bits(Below(2000) - 1000 + (Below(4) * 0.25)),
        _ => Bits64(),
    };
}
