using static System.Reflection.Metadata.ILOpCode;
using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Conversions between numbers, and wide arithmetic.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#numeric-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] ConversionRows() =>
    [
        // opcode                 text format            immediates       type                                      lowering
        // Conversions.
        new(Op.I32WrapI64,        "i32.wrap_i64",        Immediates.None, Convert(I64, I32),                        Il(Conv_i4)),
        new(Op.I32TruncF32S,      "i32.trunc_f32_s",     Immediates.None, Convert(F32, I32),                        Call("I32TruncF32S")),
        new(Op.I32TruncF32U,      "i32.trunc_f32_u",     Immediates.None, Convert(F32, I32),                        Call("I32TruncF32U")),
        new(Op.I32TruncF64S,      "i32.trunc_f64_s",     Immediates.None, Convert(F64, I32),                        Call("I32TruncF64S")),
        new(Op.I32TruncF64U,      "i32.trunc_f64_u",     Immediates.None, Convert(F64, I32),                        Call("I32TruncF64U")),
        new(Op.I64ExtendI32S,     "i64.extend_i32_s",    Immediates.None, Convert(I32, I64),                        Il(Conv_i8)),
        new(Op.I64ExtendI32U,     "i64.extend_i32_u",    Immediates.None, Convert(I32, I64),                        Il(Conv_u8)),
        new(Op.I64TruncF32S,      "i64.trunc_f32_s",     Immediates.None, Convert(F32, I64),                        Call("I64TruncF32S")),
        new(Op.I64TruncF32U,      "i64.trunc_f32_u",     Immediates.None, Convert(F32, I64),                        Call("I64TruncF32U")),
        new(Op.I64TruncF64S,      "i64.trunc_f64_s",     Immediates.None, Convert(F64, I64),                        Call("I64TruncF64S")),
        new(Op.I64TruncF64U,      "i64.trunc_f64_u",     Immediates.None, Convert(F64, I64),                        Call("I64TruncF64U")),
        new(Op.F32ConvertI32S,    "f32.convert_i32_s",   Immediates.None, Convert(I32, F32),                        Il(Conv_r4)),
        new(Op.F32ConvertI32U,    "f32.convert_i32_u",   Immediates.None, Convert(I32, F32),                        Il(Conv_r_un, Conv_r4)),
        new(Op.F32ConvertI64S,    "f32.convert_i64_s",   Immediates.None, Convert(I64, F32),                        Il(Conv_r4)),
        new(Op.F32ConvertI64U,    "f32.convert_i64_u",   Immediates.None, Convert(I64, F32),                        Call("F32ConvertI64U")),
        new(Op.F32DemoteF64,      "f32.demote_f64",      Immediates.None, Convert(F64, F32),                        Call("F32DemoteF64")),
        new(Op.F64ConvertI32S,    "f64.convert_i32_s",   Immediates.None, Convert(I32, F64),                        Il(Conv_r8)),
        new(Op.F64ConvertI32U,    "f64.convert_i32_u",   Immediates.None, Convert(I32, F64),                        Il(Conv_r_un, Conv_r8)),
        new(Op.F64ConvertI64S,    "f64.convert_i64_s",   Immediates.None, Convert(I64, F64),                        Il(Conv_r8)),
        new(Op.F64ConvertI64U,    "f64.convert_i64_u",   Immediates.None, Convert(I64, F64),                        Il(Conv_r_un, Conv_r8)),
        new(Op.F64PromoteF32,     "f64.promote_f32",     Immediates.None, Convert(F32, F64),                        Il(Conv_r8)),
        new(Op.I32ReinterpretF32, "i32.reinterpret_f32", Immediates.None, Convert(F32, I32),                        Call("I32ReinterpretF32")),
        new(Op.I64ReinterpretF64, "i64.reinterpret_f64", Immediates.None, Convert(F64, I64),                        Call("I64ReinterpretF64")),
        new(Op.F32ReinterpretI32, "f32.reinterpret_i32", Immediates.None, Convert(I32, F32),                        Call("F32ReinterpretI32")),
        new(Op.F64ReinterpretI64, "f64.reinterpret_i64", Immediates.None, Convert(I64, F64),                        Call("F64ReinterpretI64")),

        // Sign extension.
        new(Op.I32Extend8S,       "i32.extend8_s",       Immediates.None, Unary(I32),                               Il(Conv_i1), SignExtension),
        new(Op.I32Extend16S,      "i32.extend16_s",      Immediates.None, Unary(I32),                               Il(Conv_i2), SignExtension),
        new(Op.I64Extend8S,       "i64.extend8_s",       Immediates.None, Unary(I64),                               Il(Conv_i1, Conv_i8), SignExtension),
        new(Op.I64Extend16S,      "i64.extend16_s",      Immediates.None, Unary(I64),                               Il(Conv_i2, Conv_i8), SignExtension),
        new(Op.I64Extend32S,      "i64.extend32_s",      Immediates.None, Unary(I64),                               Il(Conv_i4, Conv_i8), SignExtension),

        // Saturating conversions.
        new(Op.I32TruncSatF32S,   "i32.trunc_sat_f32_s", Immediates.None, Convert(F32, I32),                        Call("I32TruncSatF32S"), SaturatingConversion),
        new(Op.I32TruncSatF32U,   "i32.trunc_sat_f32_u", Immediates.None, Convert(F32, I32),                        Call("I32TruncSatF32U"), SaturatingConversion),
        new(Op.I32TruncSatF64S,   "i32.trunc_sat_f64_s", Immediates.None, Convert(F64, I32),                        Call("I32TruncSatF64S"), SaturatingConversion),
        new(Op.I32TruncSatF64U,   "i32.trunc_sat_f64_u", Immediates.None, Convert(F64, I32),                        Call("I32TruncSatF64U"), SaturatingConversion),
        new(Op.I64TruncSatF32S,   "i64.trunc_sat_f32_s", Immediates.None, Convert(F32, I64),                        Call("I64TruncSatF32S"), SaturatingConversion),
        new(Op.I64TruncSatF32U,   "i64.trunc_sat_f32_u", Immediates.None, Convert(F32, I64),                        Call("I64TruncSatF32U"), SaturatingConversion),
        new(Op.I64TruncSatF64S,   "i64.trunc_sat_f64_s", Immediates.None, Convert(F64, I64),                        Call("I64TruncSatF64S"), SaturatingConversion),
        new(Op.I64TruncSatF64U,   "i64.trunc_sat_f64_u", Immediates.None, Convert(F64, I64),                        Call("I64TruncSatF64U"), SaturatingConversion),

        // Wide arithmetic.
        new(Op.I64Add128,         "i64.add128",          Immediates.None, Effect([I64, I64, I64, I64], [I64, I64]), Custom(), WideArithmetic),
        new(Op.I64Sub128,         "i64.sub128",          Immediates.None, Effect([I64, I64, I64, I64], [I64, I64]), Custom(), WideArithmetic),
        new(Op.I64MulWideS,       "i64.mul_wide_s",      Immediates.None, Effect([I64, I64], [I64, I64]),           Custom(), WideArithmetic),
        new(Op.I64MulWideU,       "i64.mul_wide_u",      Immediates.None, Effect([I64, I64], [I64, I64]),           Custom(), WideArithmetic),
    ];
}
