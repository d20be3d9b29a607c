using HostService.Runtime.Execution.Interruption;

namespace HostService.Runtime.Interpretation;

/// <summary>What a <see cref="Step"/> does.</summary>
/// <remarks>
/// Numbers below 0x128 that have the name of an <c>Op</c> are that instruction with its operands in the slots B and C and its result in A. Integers of 32 bits have the low half of a slot, and the upper half is undefined: so
/// addition, subtraction, multiplication and bitwise logic of both widths are one operation, and <c>i32.wrap_i64</c> and reinterpretations are none at all.
/// Where a step can trap or call, the upper half of its immediate is its offset in the binary.
/// </remarks>
internal enum Operation : ushort
{
    // Instructions as they are.
    I32Eq = 0x046,
    I32Ne = 0x047,
    I32LtS = 0x048,
    I32LtU = 0x049,
    I32GtS = 0x04A,
    I32GtU = 0x04B,
    I32LeS = 0x04C,
    I32LeU = 0x04D,
    I32GeS = 0x04E,
    I32GeU = 0x04F,
    I64Eq = 0x051,
    I64Ne = 0x052,
    I64LtS = 0x053,
    I64LtU = 0x054,
    I64GtS = 0x055,
    I64GtU = 0x056,
    I64LeS = 0x057,
    I64LeU = 0x058,
    I64GeS = 0x059,
    I64GeU = 0x05A,
    F32Eq = 0x05B,
    F32Ne = 0x05C,
    F32Lt = 0x05D,
    F32Gt = 0x05E,
    F32Le = 0x05F,
    F32Ge = 0x060,
    F64Eq = 0x061,
    F64Ne = 0x062,
    F64Lt = 0x063,
    F64Gt = 0x064,
    F64Le = 0x065,
    F64Ge = 0x066,
    I32Clz = 0x067,
    I32Ctz = 0x068,
    I32Popcnt = 0x069,
    I32DivS = 0x06D,
    I32DivU = 0x06E,
    I32RemS = 0x06F,
    I32RemU = 0x070,
    I32Shl = 0x074,
    I32ShrS = 0x075,
    I32ShrU = 0x076,
    I32Rotl = 0x077,
    I32Rotr = 0x078,
    I64Clz = 0x079,
    I64Ctz = 0x07A,
    I64Popcnt = 0x07B,
    I64Add = 0x07C,
    I64Sub = 0x07D,
    I64Mul = 0x07E,
    I64DivS = 0x07F,
    I64DivU = 0x080,
    I64RemS = 0x081,
    I64RemU = 0x082,
    I64And = 0x083,
    I64Or = 0x084,
    I64Xor = 0x085,
    I64Shl = 0x086,
    I64ShrS = 0x087,
    I64ShrU = 0x088,
    I64Rotl = 0x089,
    I64Rotr = 0x08A,
    F32Abs = 0x08B,
    F32Neg = 0x08C,
    F32Ceil = 0x08D,
    F32Floor = 0x08E,
    F32Trunc = 0x08F,
    F32Nearest = 0x090,
    F32Sqrt = 0x091,
    F32Add = 0x092,
    F32Sub = 0x093,
    F32Mul = 0x094,
    F32Div = 0x095,
    F32Min = 0x096,
    F32Max = 0x097,
    F32Copysign = 0x098,
    F64Abs = 0x099,
    F64Neg = 0x09A,
    F64Ceil = 0x09B,
    F64Floor = 0x09C,
    F64Trunc = 0x09D,
    F64Nearest = 0x09E,
    F64Sqrt = 0x09F,
    F64Add = 0x0A0,
    F64Sub = 0x0A1,
    F64Mul = 0x0A2,
    F64Div = 0x0A3,
    F64Min = 0x0A4,
    F64Max = 0x0A5,
    F64Copysign = 0x0A6,
    I32TruncF32S = 0x0A8,
    I32TruncF32U = 0x0A9,
    I32TruncF64S = 0x0AA,
    I32TruncF64U = 0x0AB,
    I64ExtendI32U = 0x0AD,
    I64TruncF32S = 0x0AE,
    I64TruncF32U = 0x0AF,
    I64TruncF64S = 0x0B0,
    I64TruncF64U = 0x0B1,
    F32ConvertI32S = 0x0B2,
    F32ConvertI32U = 0x0B3,
    F32ConvertI64S = 0x0B4,
    F32ConvertI64U = 0x0B5,
    F32DemoteF64 = 0x0B6,
    F64ConvertI32S = 0x0B7,
    F64ConvertI32U = 0x0B8,
    F64ConvertI64S = 0x0B9,
    F64ConvertI64U = 0x0BA,
    F64PromoteF32 = 0x0BB,
    I64Extend8S = 0x0C2,
    I64Extend16S = 0x0C3,
    I64Extend32S = 0x0C4,
    I32TruncSatF32S = 0x120,
    I32TruncSatF32U = 0x121,
    I32TruncSatF64S = 0x122,
    I32TruncSatF64U = 0x123,
    I64TruncSatF32S = 0x124,
    I64TruncSatF32U = 0x125,
    I64TruncSatF64S = 0x126,
    I64TruncSatF64U = 0x127,

    // Control. A target is in the low half of the immediate, in steps from the next one.
    /// <summary>Traps.</summary>
    Unreachable = 0x128,
    /// <summary>Goes on at the target.</summary>
    Jump,
    /// <summary><c>A = B</c>, then as <see cref="Jump"/>.</summary>
    MoveAndJump,
    /// <summary>Copies C slots from B on to A on, then as <see cref="Jump"/>.</summary>
    MoveManyAndJump,
    /// <summary>Jumps when the i32 B is not 0.</summary>
    JumpIf,
    /// <summary>Jumps when the i32 B is 0.</summary>
    JumpUnless,
    /// <summary>Goes on at one of the jumps that follow: the one that the i32 B says, at most the last, whose number is in the low half of the immediate.</summary>
    JumpTable,
    /// <summary>The same where all of them are plain jumps: goes on at the target of the one.</summary>
    JumpTableDirect,

    /// <summary>Returns nothing.</summary>
    Return,
    /// <summary>Returns B.</summary>
    ReturnOne,
    /// <summary>Returns C slots from B on.</summary>
    ReturnMany,
    /// <summary>Ends the activation: what the outermost function returns to.</summary>
    Leave,
    /// <summary>The start of a loop: looks at the epoch and counts, in the low half of its immediate.</summary>
    LoopHeader,
    /// <summary>Calls the function in the low half of the immediate, not counting imported ones; arguments and results from A on.</summary>
    Call,
    /// <summary>Calls an imported function.</summary>
    CallImport,
    /// <summary>Calls the element of table C that the i32 B says; its type is in the low half of the immediate.</summary>
    CallIndirect,
    /// <summary>The same with an i64.</summary>
    CallIndirect64,
    /// <summary>The instruction whose <c>Op</c> is in B; its operands and results are from A on. See <see cref="RareInstructions"/>.</summary>
    Rare,

    // Slots and globals.
    /// <summary><c>A = B</c>.</summary>
    Copy,
    /// <summary><c>A = immediate</c>.</summary>
    Constant,
    /// <summary><c>A = slot in the immediate is not 0 ? B : C</c>.</summary>
    Select,
    /// <summary><c>A = the instance's number</c> whose slot is in the immediate.</summary>
    GlobalGet,
    /// <summary>The reverse, from B.</summary>
    GlobalSet,

    // Memory 0 with 32-bit addresses: address in B, offset in the low half of the immediate. Results of fewer than 64 bits serve i32 too.
    Load8S,
    Load8U,
    Load16S,
    Load16U,
    Load32S,
    Load32U,
    Load64,
    Store8,
    Store16,
    Store32,
    Store64,

    // The same with a constant value, sign-extended from the 32 bits of A (low half) and C.
    StoreConstant8,
    StoreConstant16,
    StoreConstant32,
    StoreConstant64,

    // Any memory: the Op in the low half of the immediate, memory C, operands from A on; the offset is the immediate of the next step.
    MemoryAccess,

    // Arithmetic with a constant in the immediate.
    AddConstant,

    /// <summary><c>A = (u32)B + immediate</c>: how 64-bit address arithmetic begins in 32-bit programs.</summary>
    ExtendAddConstant,
    MulConstant,
    AndConstant,
    OrConstant,
    XorConstant,
    I32ShlConstant,
    I32ShrSConstant,
    I32ShrUConstant,
    I64ShlConstant,
    I64ShrSConstant,
    I64ShrUConstant,

    // Comparisons with a constant, in the order of Op.I32Eq to Op.I32GeU.
    I32EqConstant,
    I32NeConstant,
    I32LtSConstant,
    I32LtUConstant,
    I32GtSConstant,
    I32GtUConstant,
    I32LeSConstant,
    I32LeUConstant,
    I32GeSConstant,
    I32GeUConstant,
    I64EqConstant,
    I64NeConstant,
    I64LtSConstant,
    I64LtUConstant,
    I64GtSConstant,
    I64GtUConstant,
    I64LeSConstant,
    I64LeUConstant,
    I64GeSConstant,
    I64GeUConstant,

    // Comparisons of B and C that jump, in the same order.
    JumpIfI32Eq,
    JumpIfI32Ne,
    JumpIfI32LtS,
    JumpIfI32LtU,
    JumpIfI32GtS,
    JumpIfI32GtU,
    JumpIfI32LeS,
    JumpIfI32LeU,
    JumpIfI32GeS,
    JumpIfI32GeU,
    JumpIfI64Eq,
    JumpIfI64Ne,
    JumpIfI64LtS,
    JumpIfI64LtU,
    JumpIfI64GtS,
    JumpIfI64GtU,
    JumpIfI64LeS,
    JumpIfI64LeU,
    JumpIfI64GeS,
    JumpIfI64GeU,

    // Comparisons of B with the 32 bits in the upper half of the immediate, sign-extended.
    JumpIfI32EqConstant,
    JumpIfI32NeConstant,
    JumpIfI32LtSConstant,
    JumpIfI32LtUConstant,
    JumpIfI32GtSConstant,
    JumpIfI32GtUConstant,
    JumpIfI32LeSConstant,
    JumpIfI32LeUConstant,
    JumpIfI32GeSConstant,
    JumpIfI32GeUConstant,
    JumpIfI64EqConstant,
    JumpIfI64NeConstant,
    JumpIfI64LtSConstant,
    JumpIfI64LtUConstant,
    JumpIfI64GtSConstant,
    JumpIfI64GtUConstant,
    JumpIfI64LeSConstant,
    JumpIfI64LeUConstant,
    JumpIfI64GeSConstant,
    JumpIfI64GeUConstant,
}
