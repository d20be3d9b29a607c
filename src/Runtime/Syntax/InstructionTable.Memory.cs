using static System.Reflection.Metadata.ILOpCode;
using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Memory instructions.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#memory-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] MemoryRows() =>
    [
        // opcode          text format     immediates                  type        lowering
        // Loads.
        new(Op.I32Load,    "i32.load",     Immediates.MemArg,          Load(I32),  LoadFrom(4, Ldind_i4)),
        new(Op.I64Load,    "i64.load",     Immediates.MemArg,          Load(I64),  LoadFrom(8, Ldind_i8)),
        new(Op.F32Load,    "f32.load",     Immediates.MemArg,          Load(F32),  LoadFrom(4, Ldind_r4)),
        new(Op.F64Load,    "f64.load",     Immediates.MemArg,          Load(F64),  LoadFrom(8, Ldind_r8)),
        new(Op.I32Load8S,  "i32.load8_s",  Immediates.MemArg,          Load(I32),  LoadFrom(1, Ldind_i1)),
        new(Op.I32Load8U,  "i32.load8_u",  Immediates.MemArg,          Load(I32),  LoadFrom(1, Ldind_u1)),
        new(Op.I32Load16S, "i32.load16_s", Immediates.MemArg,          Load(I32),  LoadFrom(2, Ldind_i2)),
        new(Op.I32Load16U, "i32.load16_u", Immediates.MemArg,          Load(I32),  LoadFrom(2, Ldind_u2)),
        new(Op.I64Load8S,  "i64.load8_s",  Immediates.MemArg,          Load(I64),  LoadFrom(1, Ldind_i1, Conv_i8)),
        new(Op.I64Load8U,  "i64.load8_u",  Immediates.MemArg,          Load(I64),  LoadFrom(1, Ldind_u1, Conv_u8)),
        new(Op.I64Load16S, "i64.load16_s", Immediates.MemArg,          Load(I64),  LoadFrom(2, Ldind_i2, Conv_i8)),
        new(Op.I64Load16U, "i64.load16_u", Immediates.MemArg,          Load(I64),  LoadFrom(2, Ldind_u2, Conv_u8)),
        new(Op.I64Load32S, "i64.load32_s", Immediates.MemArg,          Load(I64),  LoadFrom(4, Ldind_i4, Conv_i8)),
        new(Op.I64Load32U, "i64.load32_u", Immediates.MemArg,          Load(I64),  LoadFrom(4, Ldind_u4, Conv_u8)),

        // Stores.
        new(Op.I32Store,   "i32.store",    Immediates.MemArg,          Store(I32), StoreTo(4, Stind_i4)),
        new(Op.I64Store,   "i64.store",    Immediates.MemArg,          Store(I64), StoreTo(8, Stind_i8)),
        new(Op.F32Store,   "f32.store",    Immediates.MemArg,          Store(F32), StoreTo(4, Stind_r4)),
        new(Op.F64Store,   "f64.store",    Immediates.MemArg,          Store(F64), StoreTo(8, Stind_r8)),
        new(Op.I32Store8,  "i32.store8",   Immediates.MemArg,          Store(I32), StoreTo(1, Stind_i1)),
        new(Op.I32Store16, "i32.store16",  Immediates.MemArg,          Store(I32), StoreTo(2, Stind_i2)),
        new(Op.I64Store8,  "i64.store8",   Immediates.MemArg,          Store(I64), StoreTo(1, Stind_i1, Conv_i4)),
        new(Op.I64Store16, "i64.store16",  Immediates.MemArg,          Store(I64), StoreTo(2, Stind_i2, Conv_i4)),
        new(Op.I64Store32, "i64.store32",  Immediates.MemArg,          Store(I64), StoreTo(4, Stind_i4, Conv_i4)),

        // Size and bulk.
        new(Op.MemorySize, "memory.size",  Immediates.MemoryIndex,     Contextual, Custom()),
        new(Op.MemoryGrow, "memory.grow",  Immediates.MemoryIndex,     Contextual, Custom()),
        new(Op.MemoryInit, "memory.init",  Immediates.DataAndMemory,   Contextual, Custom(), BulkMemory),
        new(Op.DataDrop,   "data.drop",    Immediates.DataIndex,       Contextual, Custom(), BulkMemory),
        new(Op.MemoryCopy, "memory.copy",  Immediates.MemoryAndMemory, Contextual, Custom(), BulkMemory),
        new(Op.MemoryFill, "memory.fill",  Immediates.MemoryIndex,     Contextual, Custom(), BulkMemory),
    ];
}
