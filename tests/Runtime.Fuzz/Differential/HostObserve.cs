using HostService.Runtime.Fuzz.Generation;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>The function that modules import to be seen: it notes what it is given and answers with a number that depends on it.</summary>
internal static class HostObserve
{
    /// <summary>What <c>host.again</c> gives when the guest's function throws. How an exception crosses the host is the embedding's own affair.</summary>
    public const long Thrown = -77;

    /// <summary>How many calls of <c>host.again</c> there may be within each other. How much stack each takes differs.</summary>
    public const int MaxDepth = 20;

    /// <summary>What <c>host.again</c> gives instead of a call beyond <see cref="MaxDepth"/>.</summary>
    public const long TooDeep = -78;

    /// <summary>The canonical NaN, for hosts that do not tell them apart.</summary>
    public static readonly float Nan32 = BitConverter.UInt32BitsToSingle(0x7FC0_0000);

    /// <inheritdoc cref="Nan32"/>
    public static readonly double Nan64 = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    public static long Call(List<Number> observed, int a, long b, float c, double d)
    {
        var (bits32, bits64) = (BitConverter.SingleToUInt32Bits(c), BitConverter.DoubleToUInt64Bits(d));
        observed.Add(new Number(ValType.I32, (uint)a));
        observed.Add(new Number(ValType.I64, (ulong)b));
        observed.Add(new Number(ValType.F32, bits32));
        observed.Add(new Number(ValType.F64, bits64));
        return (long)(((uint)a * 0x9E37_79B9_7F4A_7C15UL) ^ (ulong)b ^ ((ulong)bits32 << 17) ^ bits64);
    }
}
