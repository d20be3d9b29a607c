namespace HostService.Runtime.Syntax;

/// <summary>One row of the instruction table: everything about an instruction that is the same in every module.</summary>
/// <param name="Op">Its number.</param>
/// <param name="Text">Its name in the text format.</param>
/// <param name="Immediates">What follows the opcode.</param>
/// <param name="Effect">What it does to the operand stack, or null when that depends on the context: the validator then has a method for it.</param>
/// <param name="Lowering">How the compiler turns it into IL.</param>
/// <param name="Group">The proposal that it belongs to.</param>
internal sealed record InstructionInfo(
    Op Op, string Text, Immediates Immediates, StackEffect? Effect, Lowering Lowering, InstructionGroup Group = InstructionGroup.Core)
{
    /// <summary>The widest alignment that a memory access may ask for: the base-2 logarithm of the bytes that it touches.</summary>
    public int NaturalAlignLog2 { get; } = Lowering.AccessBytes == 0 ? 0 : int.Log2(Lowering.AccessBytes);

    /// <summary>How many lanes its lane immediate chooses from; 0 when it has none.</summary>
    public int Lanes { get; } = Immediates switch
    {
        Immediates.Lane16 => 16,
        Immediates.Lane8 => 8,
        Immediates.Lane4 => 4,
        Immediates.Lane2 => 2,
        Immediates.Shuffle => 32,
        Immediates.MemArgAndLane => 16 / Lowering.AccessBytes,
        _ => 0,
    };
}
