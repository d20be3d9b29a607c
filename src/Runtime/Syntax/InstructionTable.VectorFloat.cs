using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Vector arithmetic on floats.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#vector-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] VectorFloatRows() =>
    [
        // opcode                       text format                     immediates       type          lowering
        // f32x4.
        new(Op.F32X4Ceil,               "f32x4.ceil",                   Immediates.None, Unary(V128),  Call("F32X4Ceil"), Simd),
        new(Op.F32X4Floor,              "f32x4.floor",                  Immediates.None, Unary(V128),  Call("F32X4Floor"), Simd),
        new(Op.F32X4Trunc,              "f32x4.trunc",                  Immediates.None, Unary(V128),  Call("F32X4Trunc"), Simd),
        new(Op.F32X4Nearest,            "f32x4.nearest",                Immediates.None, Unary(V128),  Call("F32X4Nearest"), Simd),
        new(Op.F32X4Abs,                "f32x4.abs",                    Immediates.None, Unary(V128),  Call("F32X4Abs"), Simd),
        new(Op.F32X4Neg,                "f32x4.neg",                    Immediates.None, Unary(V128),  Call("F32X4Neg"), Simd),
        new(Op.F32X4Sqrt,               "f32x4.sqrt",                   Immediates.None, Unary(V128),  Call("F32X4Sqrt"), Simd),
        new(Op.F32X4Add,                "f32x4.add",                    Immediates.None, Binary(V128), Call("F32X4Add"), Simd),
        new(Op.F32X4Sub,                "f32x4.sub",                    Immediates.None, Binary(V128), Call("F32X4Sub"), Simd),
        new(Op.F32X4Mul,                "f32x4.mul",                    Immediates.None, Binary(V128), Call("F32X4Mul"), Simd),
        new(Op.F32X4Div,                "f32x4.div",                    Immediates.None, Binary(V128), Call("F32X4Div"), Simd),
        new(Op.F32X4Min,                "f32x4.min",                    Immediates.None, Binary(V128), Call("F32X4Min"), Simd),
        new(Op.F32X4Max,                "f32x4.max",                    Immediates.None, Binary(V128), Call("F32X4Max"), Simd),
        new(Op.F32X4Pmin,               "f32x4.pmin",                   Immediates.None, Binary(V128), Call("F32X4Pmin"), Simd),
        new(Op.F32X4Pmax,               "f32x4.pmax",                   Immediates.None, Binary(V128), Call("F32X4Pmax"), Simd),

        // f64x2.
        new(Op.F64X2Ceil,               "f64x2.ceil",                   Immediates.None, Unary(V128),  Call("F64X2Ceil"), Simd),
        new(Op.F64X2Floor,              "f64x2.floor",                  Immediates.None, Unary(V128),  Call("F64X2Floor"), Simd),
        new(Op.F64X2Trunc,              "f64x2.trunc",                  Immediates.None, Unary(V128),  Call("F64X2Trunc"), Simd),
        new(Op.F64X2Nearest,            "f64x2.nearest",                Immediates.None, Unary(V128),  Call("F64X2Nearest"), Simd),
        new(Op.F64X2Abs,                "f64x2.abs",                    Immediates.None, Unary(V128),  Call("F64X2Abs"), Simd),
        new(Op.F64X2Neg,                "f64x2.neg",                    Immediates.None, Unary(V128),  Call("F64X2Neg"), Simd),
        new(Op.F64X2Sqrt,               "f64x2.sqrt",                   Immediates.None, Unary(V128),  Call("F64X2Sqrt"), Simd),
        new(Op.F64X2Add,                "f64x2.add",                    Immediates.None, Binary(V128), Call("F64X2Add"), Simd),
        new(Op.F64X2Sub,                "f64x2.sub",                    Immediates.None, Binary(V128), Call("F64X2Sub"), Simd),
        new(Op.F64X2Mul,                "f64x2.mul",                    Immediates.None, Binary(V128), Call("F64X2Mul"), Simd),
        new(Op.F64X2Div,                "f64x2.div",                    Immediates.None, Binary(V128), Call("F64X2Div"), Simd),
        new(Op.F64X2Min,                "f64x2.min",                    Immediates.None, Binary(V128), Call("F64X2Min"), Simd),
        new(Op.F64X2Max,                "f64x2.max",                    Immediates.None, Binary(V128), Call("F64X2Max"), Simd),
        new(Op.F64X2Pmin,               "f64x2.pmin",                   Immediates.None, Binary(V128), Call("F64X2Pmin"), Simd),
        new(Op.F64X2Pmax,               "f64x2.pmax",                   Immediates.None, Binary(V128), Call("F64X2Pmax"), Simd),

        // Conversions.
        new(Op.F32X4DemoteF64X2Zero,    "f32x4.demote_f64x2_zero",      Immediates.None, Unary(V128),  Call("F32X4DemoteF64X2Zero"), Simd),
        new(Op.F64X2PromoteLowF32X4,    "f64x2.promote_low_f32x4",      Immediates.None, Unary(V128),  Call("F64X2PromoteLowF32X4"), Simd),
        new(Op.I32X4TruncSatF32X4S,     "i32x4.trunc_sat_f32x4_s",      Immediates.None, Unary(V128),  Call("I32X4TruncSatF32X4S"), Simd),
        new(Op.I32X4TruncSatF32X4U,     "i32x4.trunc_sat_f32x4_u",      Immediates.None, Unary(V128),  Call("I32X4TruncSatF32X4U"), Simd),
        new(Op.F32X4ConvertI32X4S,      "f32x4.convert_i32x4_s",        Immediates.None, Unary(V128),  Call("F32X4ConvertI32X4S"), Simd),
        new(Op.F32X4ConvertI32X4U,      "f32x4.convert_i32x4_u",        Immediates.None, Unary(V128),  Call("F32X4ConvertI32X4U"), Simd),
        new(Op.I32X4TruncSatF64X2SZero, "i32x4.trunc_sat_f64x2_s_zero", Immediates.None, Unary(V128),  Call("I32X4TruncSatF64X2SZero"), Simd),
        new(Op.I32X4TruncSatF64X2UZero, "i32x4.trunc_sat_f64x2_u_zero", Immediates.None, Unary(V128),  Call("I32X4TruncSatF64X2UZero"), Simd),
        new(Op.F64X2ConvertLowI32X4S,   "f64x2.convert_low_i32x4_s",    Immediates.None, Unary(V128),  Call("F64X2ConvertLowI32X4S"), Simd),
        new(Op.F64X2ConvertLowI32X4U,   "f64x2.convert_low_i32x4_u",    Immediates.None, Unary(V128),  Call("F64X2ConvertLowI32X4U"), Simd),
    ];
}
