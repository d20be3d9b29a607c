namespace HostService.Runtime.Syntax;

/// <summary>What follows an opcode in the binary.</summary>
/// <remarks>
/// The comment says where <see cref="InstructionReader"/> puts it in an <see cref="Instruction"/>.
/// <see href="https://webassembly.github.io/spec/core/binary/instructions.html">Spec: instructions</see>
/// </remarks>
internal enum Immediates : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A block type, in <see cref="Instruction.BlockType"/>.</summary>
    BlockType,

    /// <summary>A block type and a list of catch clauses, read with <see cref="CatchReader"/>.</summary>
    Catches,

    /// <summary>A label, in <see cref="Instruction.Index"/>.</summary>
    Label,

    /// <summary>A list of labels read with <see cref="LabelReader"/>, and the default one in <see cref="Instruction.Index"/>.</summary>
    LabelTable,

    /// <summary>Two nullabilities, a label and two heap types; see <see cref="Instruction.Type"/> and <see cref="Instruction.Type2"/>.</summary>
    BranchOnCast,

    /// <summary>A function, in <see cref="Instruction.Index"/>.</summary>
    FuncIndex,

    /// <summary>A type, in <see cref="Instruction.Index"/>.</summary>
    TypeIndex,

    /// <summary>A type in <see cref="Instruction.Index"/> and a table in <see cref="Instruction.Index2"/>.</summary>
    TypeAndTable,

    /// <summary>A structure type in <see cref="Instruction.Index"/> and a field in <see cref="Instruction.Index2"/>.</summary>
    TypeAndField,

    /// <summary>An array type in <see cref="Instruction.Index"/> and a number of elements in <see cref="Instruction.Index2"/>.</summary>
    TypeAndCount,

    /// <summary>An array type in <see cref="Instruction.Index"/> and a data segment in <see cref="Instruction.Index2"/>.</summary>
    TypeAndData,

    /// <summary>An array type in <see cref="Instruction.Index"/> and an element segment in <see cref="Instruction.Index2"/>.</summary>
    TypeAndElement,

    /// <summary>The destination's array type in <see cref="Instruction.Index"/> and the source's in <see cref="Instruction.Index2"/>.</summary>
    TypeAndType,

    /// <summary>A tag, in <see cref="Instruction.Index"/>.</summary>
    TagIndex,

    /// <summary>The types of <c>select</c>, their number in <see cref="Instruction.ListCount"/>; when it is one, in <see cref="Instruction.Type"/>.</summary>
    SelectTypes,

    /// <summary>A local, in <see cref="Instruction.Index"/>.</summary>
    LocalIndex,

    /// <summary>A global, in <see cref="Instruction.Index"/>.</summary>
    GlobalIndex,

    /// <summary>A table, in <see cref="Instruction.Index"/>.</summary>
    TableIndex,

    /// <summary>The destination table in <see cref="Instruction.Index"/> and the source table in <see cref="Instruction.Index2"/>.</summary>
    TableAndTable,

    /// <summary>An element segment in <see cref="Instruction.Index"/> and a table in <see cref="Instruction.Index2"/>.</summary>
    ElementAndTable,

    /// <summary>An element segment, in <see cref="Instruction.Index"/>.</summary>
    ElementIndex,

    /// <summary>A memory, in <see cref="Instruction.Index"/>.</summary>
    MemoryIndex,

    /// <summary>The destination memory in <see cref="Instruction.Index"/> and the source memory in <see cref="Instruction.Index2"/>.</summary>
    MemoryAndMemory,

    /// <summary>A data segment in <see cref="Instruction.Index"/> and a memory in <see cref="Instruction.Index2"/>.</summary>
    DataAndMemory,

    /// <summary>A data segment, in <see cref="Instruction.Index"/>.</summary>
    DataIndex,

    /// <summary>
    /// A memory in <see cref="Instruction.Index"/>, an offset in <see cref="Instruction.Immediate"/>, an alignment in <see cref="Instruction.AlignLog2"/>.
    /// </summary>
    MemArg,

    /// <summary>As <see cref="MemArg"/>, and a lane in <see cref="Instruction.Index2"/>.</summary>
    MemArgAndLane,

    /// <summary>As <see cref="MemArg"/>; the alignment must be the natural one.</summary>
    AtomicMemArg,

    /// <summary>One byte, zero.</summary>
    Fence,

    /// <summary>A lane of sixteen, in <see cref="Instruction.Index"/>.</summary>
    Lane16,

    /// <summary>A lane of eight, in <see cref="Instruction.Index"/>.</summary>
    Lane8,

    /// <summary>A lane of four, in <see cref="Instruction.Index"/>.</summary>
    Lane4,

    /// <summary>A lane of two, in <see cref="Instruction.Index"/>.</summary>
    Lane2,

    /// <summary>
    /// Sixteen lanes of thirty-two, the first in the lowest byte of <see cref="Instruction.Immediate"/>, the ninth of
    /// <see cref="Instruction.ImmediateHigh"/>.
    /// </summary>
    Shuffle,

    /// <summary>An <c>i32</c>, sign-extended in <see cref="Instruction.Immediate"/>.</summary>
    I32Const,

    /// <summary>An <c>i64</c>, in <see cref="Instruction.Immediate"/>.</summary>
    I64Const,

    /// <summary>The bits of an <c>f32</c>, in the low half of <see cref="Instruction.Immediate"/>.</summary>
    F32Const,

    /// <summary>The bits of an <c>f64</c>, in <see cref="Instruction.Immediate"/>.</summary>
    F64Const,

    /// <summary>
    /// The bytes of a <c>v128</c>, the first eight in <see cref="Instruction.Immediate"/>, the others in <see cref="Instruction.ImmediateHigh"/>.
    /// </summary>
    V128Const,

    /// <summary>
    /// A heap type, as a reference type in <see cref="Instruction.Type"/>; nullable for <c>ref.null</c>, <c>ref.test null</c>, <c>ref.cast null</c>.
    /// </summary>
    HeapType,
}
