using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <summary>Which code applies an instruction's stack effect.</summary>
internal enum EffectShape : byte
{
    /// <summary>A method of the instruction's own.</summary>
    Contextual,

    /// <summary>At most two operands of one type, at most one result, no immediates to check.</summary>
    Simple,

    /// <summary>Anything else that the row says: memory accesses, lanes, more operands.</summary>
    General,
}

/// <summary>The stack effects of <see cref="InstructionTable"/> as the validator's inner loop wants them: by opcode, without references to follow.</summary>
internal readonly struct PackedEffect
{
    private static readonly PackedEffect[] s_byOp = Pack();

    /// <summary>Which code applies it.</summary>
    public readonly EffectShape Shape;

    /// <summary>For <see cref="EffectShape.Simple"/>, how many operands of <see cref="Pop"/> it takes.</summary>
    public readonly byte PopCount;

    /// <summary>For <see cref="EffectShape.Simple"/>, the type of its operands.</summary>
    public readonly ValueType Pop;

    /// <summary>For <see cref="EffectShape.Simple"/>, the type of its result; <see cref="ValueKind.None"/> when it has none.</summary>
    public readonly ValueType Push;

    private PackedEffect(InstructionInfo row)
    {
        if (row.Effect is not { } effect)
        {
            Shape = EffectShape.Contextual;
            return;
        }

        var (pops, pushes) = (effect.Pops, effect.Pushes);
        var isSimple = !effect.IsMemoryAccess && row.Lanes == 0 && pops.Length <= 2 && pushes.Length <= 1 && (pops.Length < 2 || pops[0] == pops[1]);
        Shape = isSimple ? EffectShape.Simple : EffectShape.General;
        PopCount = (byte)pops.Length;
        Pop = pops.IsEmpty ? default : pops[0];
        Push = pushes.IsEmpty ? default : pushes[0];
    }

    /// <summary>The effect of an instruction.</summary>
    public static ref readonly PackedEffect Of(Op op) => ref s_byOp[(ushort)op];

    private static PackedEffect[] Pack()
    {
        var effects = new PackedEffect[OpPrefix.OpCount];
        foreach (var row in InstructionTable.Rows)
        {
            effects[(ushort)row.Op] = new PackedEffect(row);
        }

        return effects;
    }
}
