using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Vector loads and stores.</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#memory-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] VectorMemoryRows() =>
    [
        // opcode               text format          immediates                type         lowering
        // Vector loads and stores.
        new(Op.V128Load,        "v128.load",         Immediates.MemArg,        Load(V128),  LoadFrom(16, "V128Load"), Simd),
        new(Op.V128Load8X8S,    "v128.load8x8_s",    Immediates.MemArg,        Load(V128),  LoadFrom(8, "V128Load8X8S"), Simd),
        new(Op.V128Load8X8U,    "v128.load8x8_u",    Immediates.MemArg,        Load(V128),  LoadFrom(8, "V128Load8X8U"), Simd),
        new(Op.V128Load16X4S,   "v128.load16x4_s",   Immediates.MemArg,        Load(V128),  LoadFrom(8, "V128Load16X4S"), Simd),
        new(Op.V128Load16X4U,   "v128.load16x4_u",   Immediates.MemArg,        Load(V128),  LoadFrom(8, "V128Load16X4U"), Simd),
        new(Op.V128Load32X2S,   "v128.load32x2_s",   Immediates.MemArg,        Load(V128),  LoadFrom(8, "V128Load32X2S"), Simd),
        new(Op.V128Load32X2U,   "v128.load32x2_u",   Immediates.MemArg,        Load(V128),  LoadFrom(8, "V128Load32X2U"), Simd),
        new(Op.V128Load8Splat,  "v128.load8_splat",  Immediates.MemArg,        Load(V128),  LoadFrom(1, "V128Load8Splat"), Simd),
        new(Op.V128Load16Splat, "v128.load16_splat", Immediates.MemArg,        Load(V128),  LoadFrom(2, "V128Load16Splat"), Simd),
        new(Op.V128Load32Splat, "v128.load32_splat", Immediates.MemArg,        Load(V128),  LoadFrom(4, "V128Load32Splat"), Simd),
        new(Op.V128Load64Splat, "v128.load64_splat", Immediates.MemArg,        Load(V128),  LoadFrom(8, "V128Load64Splat"), Simd),
        new(Op.V128Store,       "v128.store",        Immediates.MemArg,        Store(V128), StoreTo(16, "V128Store"), Simd),
        new(Op.V128Load8Lane,   "v128.load8_lane",   Immediates.MemArgAndLane, LoadLane,    LoadFrom(1, "V128Load8Lane"), Simd),
        new(Op.V128Load16Lane,  "v128.load16_lane",  Immediates.MemArgAndLane, LoadLane,    LoadFrom(2, "V128Load16Lane"), Simd),
        new(Op.V128Load32Lane,  "v128.load32_lane",  Immediates.MemArgAndLane, LoadLane,    LoadFrom(4, "V128Load32Lane"), Simd),
        new(Op.V128Load64Lane,  "v128.load64_lane",  Immediates.MemArgAndLane, LoadLane,    LoadFrom(8, "V128Load64Lane"), Simd),
        new(Op.V128Store8Lane,  "v128.store8_lane",  Immediates.MemArgAndLane, Store(V128), StoreTo(1, "V128Store8Lane"), Simd),
        new(Op.V128Store16Lane, "v128.store16_lane", Immediates.MemArgAndLane, Store(V128), StoreTo(2, "V128Store16Lane"), Simd),
        new(Op.V128Store32Lane, "v128.store32_lane", Immediates.MemArgAndLane, Store(V128), StoreTo(4, "V128Store32Lane"), Simd),
        new(Op.V128Store64Lane, "v128.store64_lane", Immediates.MemArgAndLane, Store(V128), StoreTo(8, "V128Store64Lane"), Simd),
        new(Op.V128Load32Zero,  "v128.load32_zero",  Immediates.MemArg,        Load(V128),  LoadFrom(4, "V128Load32Zero"), Simd),
        new(Op.V128Load64Zero,  "v128.load64_zero",  Immediates.MemArg,        Load(V128),  LoadFrom(8, "V128Load64Zero"), Simd),
    ];
}
