using HostService.Runtime.Fuzz.Generation;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>The one function that modules import: it notes what it is given and answers with a number that depends on it.</summary>
internal static class HostObserve
{
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
