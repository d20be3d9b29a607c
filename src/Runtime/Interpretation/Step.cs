using System.Runtime.InteropServices;

namespace HostService.Runtime.Interpretation;

/// <summary>One step of a translated function: an operation, up to three slots of its frame, and an immediate.</summary>
/// <remarks>Sixteen bytes, so that the next step is at a known place and nothing has to be decoded. See docs/adr/0058.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Step
{
    /// <summary>What to do.</summary>
    [FieldOffset(0)]
    public Operation Operation;

    /// <summary>Where the result goes.</summary>
    [FieldOffset(2)]
    public ushort A;

    /// <summary>The first operand.</summary>
    [FieldOffset(4)]
    public ushort B;

    /// <summary>The second operand.</summary>
    [FieldOffset(6)]
    public ushort C;

    /// <summary>A constant, or two halves.</summary>
    [FieldOffset(8)]
    public ulong Immediate;

    /// <summary>The lower half: a target, an index, the offset of a memory access.</summary>
    [FieldOffset(8)]
    public int Low;

    /// <summary>The upper half: where the instruction is in the binary if it can trap or call, or a constant to compare with.</summary>
    [FieldOffset(12)]
    public int High;
}
