using HostService.Runtime.Fuzz.Generation;

namespace HostService.Runtime.Fuzz.Differential;

/// <summary>A number, bit for bit.</summary>
internal readonly record struct Number(ValType Type, ulong Bits)
{
    public override string ToString() => $"{Type} 0x{Bits:x}";
}
