using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Relaxed vector instructions, whose results may differ between machines.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#vector-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] VectorRelaxedRows() =>
    [
        // opcode                             text format                            immediates       type           lowering
        // Relaxed.
        new(Op.I8X16RelaxedSwizzle,           "i8x16.relaxed_swizzle",               Immediates.None, Binary(V128),  Call("I8X16RelaxedSwizzle"), RelaxedSimd),
        new(Op.I32X4RelaxedTruncF32X4S,       "i32x4.relaxed_trunc_f32x4_s",         Immediates.None, Unary(V128),   Call("I32X4RelaxedTruncF32X4S"), RelaxedSimd),
        new(Op.I32X4RelaxedTruncF32X4U,       "i32x4.relaxed_trunc_f32x4_u",         Immediates.None, Unary(V128),   Call("I32X4RelaxedTruncF32X4U"), RelaxedSimd),
        new(Op.I32X4RelaxedTruncF64X2SZero,   "i32x4.relaxed_trunc_f64x2_s_zero",    Immediates.None, Unary(V128),   Call("I32X4RelaxedTruncF64X2SZero"), RelaxedSimd),
        new(Op.I32X4RelaxedTruncF64X2UZero,   "i32x4.relaxed_trunc_f64x2_u_zero",    Immediates.None, Unary(V128),   Call("I32X4RelaxedTruncF64X2UZero"), RelaxedSimd),
        new(Op.F32X4RelaxedMadd,              "f32x4.relaxed_madd",                  Immediates.None, Ternary(V128), Call("F32X4RelaxedMadd"), RelaxedSimd),
        new(Op.F32X4RelaxedNmadd,             "f32x4.relaxed_nmadd",                 Immediates.None, Ternary(V128), Call("F32X4RelaxedNmadd"), RelaxedSimd),
        new(Op.F64X2RelaxedMadd,              "f64x2.relaxed_madd",                  Immediates.None, Ternary(V128), Call("F64X2RelaxedMadd"), RelaxedSimd),
        new(Op.F64X2RelaxedNmadd,             "f64x2.relaxed_nmadd",                 Immediates.None, Ternary(V128), Call("F64X2RelaxedNmadd"), RelaxedSimd),
        new(Op.I8X16RelaxedLaneselect,        "i8x16.relaxed_laneselect",            Immediates.None, Ternary(V128), Call("I8X16RelaxedLaneselect"), RelaxedSimd),
        new(Op.I16X8RelaxedLaneselect,        "i16x8.relaxed_laneselect",            Immediates.None, Ternary(V128), Call("I16X8RelaxedLaneselect"), RelaxedSimd),
        new(Op.I32X4RelaxedLaneselect,        "i32x4.relaxed_laneselect",            Immediates.None, Ternary(V128), Call("I32X4RelaxedLaneselect"), RelaxedSimd),
        new(Op.I64X2RelaxedLaneselect,        "i64x2.relaxed_laneselect",            Immediates.None, Ternary(V128), Call("I64X2RelaxedLaneselect"), RelaxedSimd),
        new(Op.F32X4RelaxedMin,               "f32x4.relaxed_min",                   Immediates.None, Binary(V128),  Call("F32X4RelaxedMin"), RelaxedSimd),
        new(Op.F32X4RelaxedMax,               "f32x4.relaxed_max",                   Immediates.None, Binary(V128),  Call("F32X4RelaxedMax"), RelaxedSimd),
        new(Op.F64X2RelaxedMin,               "f64x2.relaxed_min",                   Immediates.None, Binary(V128),  Call("F64X2RelaxedMin"), RelaxedSimd),
        new(Op.F64X2RelaxedMax,               "f64x2.relaxed_max",                   Immediates.None, Binary(V128),  Call("F64X2RelaxedMax"), RelaxedSimd),
        new(Op.I16X8RelaxedQ15MulrS,          "i16x8.relaxed_q15mulr_s",             Immediates.None, Binary(V128),  Call("I16X8RelaxedQ15MulrS"), RelaxedSimd),
        new(Op.I16X8RelaxedDotI8X16I7X16S,    "i16x8.relaxed_dot_i8x16_i7x16_s",     Immediates.None, Binary(V128),  Call("I16X8RelaxedDotI8X16I7X16S"), RelaxedSimd),
        new(Op.I32X4RelaxedDotI8X16I7X16AddS, "i32x4.relaxed_dot_i8x16_i7x16_add_s", Immediates.None, Ternary(V128), Call("I32X4RelaxedDotI8X16I7X16AddS"), RelaxedSimd),
    ];
}
