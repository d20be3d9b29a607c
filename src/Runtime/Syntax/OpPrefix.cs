namespace HostService.Runtime.Syntax;

/// <summary>How the bytes of an opcode map to the dense numbers of <see cref="Op"/>.</summary>
internal static class OpPrefix
{
    /// <summary>The prefix byte of garbage collection.</summary>
    public const byte Gc = 0xFB;

    /// <summary>The prefix byte of saturating conversions, bulk operations and wide arithmetic.</summary>
    public const byte Miscellaneous = 0xFC;

    /// <summary>The prefix byte of vectors.</summary>
    public const byte Vector = 0xFD;

    /// <summary>The prefix byte of atomics.</summary>
    public const byte Atomic = 0xFE;

    /// <summary>One more than the largest <see cref="Op"/>: the length of an array indexed by it.</summary>
    public const int OpCount = 0x2B0;

    /// <summary>For each prefix from <see cref="Gc"/> on, the <see cref="Op"/> of its code 0; the next entry bounds its codes.</summary>
    private static ReadOnlySpan<ushort> Bases => [0x100, 0x120, 0x140, 0x260, OpCount];

    /// <summary>Whether this byte begins an opcode of two parts.</summary>
    public static bool IsPrefix(byte opcode) => opcode is >= Gc and <= Atomic;

    /// <summary>The instruction that a prefix and the code after it stand for, or null when no instruction can have that number.</summary>
    public static Op? Combine(byte prefix, uint code)
    {
        uint first = Bases[prefix - Gc];
        return code < Bases[prefix - Gc + 1] - first ? (Op)(first + code) : null;
    }

    /// <summary>Takes an instruction's number apart again: its prefix, or null for one byte, and its code.</summary>
    public static (byte? Prefix, int Code) Split(Op op)
    {
        var bases = Bases;
        for (var i = bases.Length - 2; i >= 0; i--)
        {
            if ((ushort)op >= bases[i])
            {
                return ((byte)(Gc + i), (ushort)op - bases[i]);
            }
        }

        return (null, (ushort)op);
    }
}
