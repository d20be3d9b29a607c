using System.Reflection.Metadata;
using static System.Reflection.Metadata.ILOpCode;

namespace HostService.Runtime.Compilation.IL;

/// <summary>What the IL instructions without operands take from the IL stack and leave on it.</summary>
/// <remarks>ECMA-335, partition III. Only instructions that the compiler emits or the instruction table's lowering column names are here.</remarks>
internal static class StackEffects
{
    /// <summary>Stands in <see cref="Pushes"/> for "the type of the first operand".</summary>
    public const byte SameAsOperand = 0xFF;

    private const int TwoByteFirst = 0xFE00;
    private static readonly sbyte[] s_pops = new sbyte[512];
    private static readonly byte[] s_pushes = new byte[512];

    static StackEffects()
    {
        Array.Fill(s_pops, (sbyte)-1);
        Define(0, 0, Nop, Break, ILOpCode.Volatile, Tail);
        Define(2, SameAsOperand, Add, Sub, Mul, Div, Div_un, Rem, Rem_un, And, Or, Xor, Shl, Shr, Shr_un);
        Define(1, SameAsOperand, Neg, Not);
        Define(2, (byte)ILType.Int32, Ceq, Cgt, Cgt_un, Clt, Clt_un);
        Define(0, (byte)ILType.Int32, Ldc_i4_m1, Ldc_i4_0, Ldc_i4_1, Ldc_i4_2, Ldc_i4_3, Ldc_i4_4, Ldc_i4_5, Ldc_i4_6, Ldc_i4_7, Ldc_i4_8);
        Define(0, (byte)ILType.Object, Ldnull);
        Define(1, (byte)ILType.Int32, Conv_i1, Conv_i2, Conv_i4, Conv_u1, Conv_u2, Conv_u4);
        Define(1, (byte)ILType.Int64, Conv_i8, Conv_u8);
        Define(1, (byte)ILType.Native, Conv_i, Conv_u, Ldlen);
        Define(1, (byte)ILType.Float32, Conv_r4);
        Define(1, (byte)ILType.Float64, Conv_r8, Conv_r_un);
        Define(1, (byte)ILType.Int32, Ldind_i1, Ldind_u1, Ldind_i2, Ldind_u2, Ldind_i4, Ldind_u4);
        Define(1, (byte)ILType.Int64, Ldind_i8);
        Define(1, (byte)ILType.Native, Ldind_i);
        Define(1, (byte)ILType.Float32, Ldind_r4);
        Define(1, (byte)ILType.Float64, Ldind_r8);
        Define(1, (byte)ILType.Object, Ldind_ref);
        Define(2, 0, Stind_i1, Stind_i2, Stind_i4, Stind_i8, Stind_i, Stind_r4, Stind_r8, Stind_ref);
        Define(1, 0, Pop, ILOpCode.Throw);
        Define(2, (byte)ILType.Int32, Ldelem_i1, Ldelem_u1, Ldelem_i2, Ldelem_u2, Ldelem_i4);
        Define(2, (byte)ILType.Float32, Ldelem_r4);
        Define(2, (byte)ILType.Float64, Ldelem_r8);
        Define(2, (byte)ILType.Int64, Ldelem_i8);
        Define(2, (byte)ILType.Object, Ldelem_ref);
        Define(3, 0, Stelem_i1, Stelem_i2, Stelem_i4, Stelem_i8, Stelem_r4, Stelem_r8, Stelem_ref);
    }

    /// <summary>How many operands the instruction takes.</summary>
    public static int Pops(ILOpCode code) => s_pops[Index(code)] is var pops and >= 0
        ? pops : throw new ArgumentOutOfRangeException(nameof(code), code, "The stack effect of this IL instruction is not known.");

    /// <summary>The <see cref="ILType"/> of its result, 0 when it has none, or <see cref="SameAsOperand"/>.</summary>
    public static byte Pushes(ILOpCode code) => s_pushes[Index(code)];

    private static int Index(ILOpCode code) => (int)code < TwoByteFirst ? (int)code : 256 + ((int)code - TwoByteFirst);

    private static void Define(sbyte pops, byte pushes, params ReadOnlySpan<ILOpCode> codes)
    {
        foreach (var code in codes)
        {
            s_pops[Index(code)] = pops;
            s_pushes[Index(code)] = pushes;
        }
    }
}
