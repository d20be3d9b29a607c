namespace HostService.Runtime.Syntax;

/// <summary>One decoded instruction. <see cref="Immediates"/> says which members an instruction of each kind has; the others keep what was in them.</summary>
/// <remarks>Mutable and reused: the reader fills the same one again and again, so that reading a function allocates nothing.</remarks>
internal struct Instruction
{
    /// <summary>Which instruction.</summary>
    public Op Op;

    /// <summary>The alignment of a memory access, as a base-2 logarithm.</summary>
    public byte AlignLog2;

    /// <summary>Where the opcode begins, in bytes from the start of the binary.</summary>
    public int Offset;

    /// <summary>Where the next instruction begins, in bytes from the start of the binary.</summary>
    public int EndOffset;

    /// <summary>The first index, label, lane or count.</summary>
    public int Index;

    /// <summary>The second index, lane or count.</summary>
    public int Index2;

    /// <summary>The bits of a constant, or the offset of a memory access.</summary>
    public ulong Immediate;

    /// <summary>The upper eight bytes of a <c>v128</c> constant or of a shuffle's lanes.</summary>
    public ulong ImmediateHigh;

    /// <summary>The type of a block.</summary>
    public BlockType BlockType;

    /// <summary>The type of <c>select</c> with one type, or the reference type of a null, test or cast; for <c>br_on_cast</c> the source type.</summary>
    public ValueType Type;

    /// <summary>The target type of <c>br_on_cast</c> and <c>br_on_cast_fail</c>.</summary>
    public ValueType Type2;

    /// <summary>Where the first item of a list begins, in bytes from the start of the binary.</summary>
    public int ListOffset;

    /// <summary>How many items the list has: labels without the default one, catch clauses, or types.</summary>
    public int ListCount;

    /// <summary>The instruction's row in the table.</summary>
    public readonly InstructionInfo Info => InstructionTable.Get(Op);

    /// <summary>The name in the text format.</summary>
    public override readonly string ToString() => Info.Text;
}
