using static HostService.Runtime.Syntax.InstructionGroup;

namespace HostService.Runtime.Syntax;

/// <content>Atomic instructions (threads proposal).</content>
/// <remarks><see href="https://webassembly.github.io/spec/core/syntax/instructions.html#memory-instructions">Spec</see></remarks>
internal static partial class InstructionTable
{
    private static InstructionInfo[] AtomicRows() =>
    [
        // opcode                      text format                   immediates               type                       lowering
        // Wait, notify and fence.
        new(Op.MemoryAtomicNotify,     "memory.atomic.notify",       Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(4, "MemoryAtomicNotify"), Threads),
        new(Op.MemoryAtomicWait32,     "memory.atomic.wait32",       Immediates.AtomicMemArg, Access([I32, I64], [I32]), Atomic(4, "MemoryAtomicWait32"), Threads),
        new(Op.MemoryAtomicWait64,     "memory.atomic.wait64",       Immediates.AtomicMemArg, Access([I64, I64], [I32]), Atomic(8, "MemoryAtomicWait64"), Threads),
        new(Op.AtomicFence,            "atomic.fence",               Immediates.Fence,        Effect([], []),            Custom(), Threads),

        // Loads and stores.
        new(Op.I32AtomicLoad,          "i32.atomic.load",            Immediates.AtomicMemArg, Load(I32),                 Atomic(4, "I32AtomicLoad"), Threads),
        new(Op.I64AtomicLoad,          "i64.atomic.load",            Immediates.AtomicMemArg, Load(I64),                 Atomic(8, "I64AtomicLoad"), Threads),
        new(Op.I32AtomicLoad8U,        "i32.atomic.load8_u",         Immediates.AtomicMemArg, Load(I32),                 Atomic(1, "I32AtomicLoad8U"), Threads),
        new(Op.I32AtomicLoad16U,       "i32.atomic.load16_u",        Immediates.AtomicMemArg, Load(I32),                 Atomic(2, "I32AtomicLoad16U"), Threads),
        new(Op.I64AtomicLoad8U,        "i64.atomic.load8_u",         Immediates.AtomicMemArg, Load(I64),                 Atomic(1, "I64AtomicLoad8U"), Threads),
        new(Op.I64AtomicLoad16U,       "i64.atomic.load16_u",        Immediates.AtomicMemArg, Load(I64),                 Atomic(2, "I64AtomicLoad16U"), Threads),
        new(Op.I64AtomicLoad32U,       "i64.atomic.load32_u",        Immediates.AtomicMemArg, Load(I64),                 Atomic(4, "I64AtomicLoad32U"), Threads),
        new(Op.I32AtomicStore,         "i32.atomic.store",           Immediates.AtomicMemArg, Store(I32),                Atomic(4, "I32AtomicStore"), Threads),
        new(Op.I64AtomicStore,         "i64.atomic.store",           Immediates.AtomicMemArg, Store(I64),                Atomic(8, "I64AtomicStore"), Threads),
        new(Op.I32AtomicStore8,        "i32.atomic.store8",          Immediates.AtomicMemArg, Store(I32),                Atomic(1, "I32AtomicStore8"), Threads),
        new(Op.I32AtomicStore16,       "i32.atomic.store16",         Immediates.AtomicMemArg, Store(I32),                Atomic(2, "I32AtomicStore16"), Threads),
        new(Op.I64AtomicStore8,        "i64.atomic.store8",          Immediates.AtomicMemArg, Store(I64),                Atomic(1, "I64AtomicStore8"), Threads),
        new(Op.I64AtomicStore16,       "i64.atomic.store16",         Immediates.AtomicMemArg, Store(I64),                Atomic(2, "I64AtomicStore16"), Threads),
        new(Op.I64AtomicStore32,       "i64.atomic.store32",         Immediates.AtomicMemArg, Store(I64),                Atomic(4, "I64AtomicStore32"), Threads),

        // Read-modify-write.
        new(Op.I32AtomicRmwAdd,        "i32.atomic.rmw.add",         Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(4, "I32AtomicRmwAdd"), Threads),
        new(Op.I64AtomicRmwAdd,        "i64.atomic.rmw.add",         Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(8, "I64AtomicRmwAdd"), Threads),
        new(Op.I32AtomicRmw8AddU,      "i32.atomic.rmw8.add_u",      Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(1, "I32AtomicRmw8AddU"), Threads),
        new(Op.I32AtomicRmw16AddU,     "i32.atomic.rmw16.add_u",     Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(2, "I32AtomicRmw16AddU"), Threads),
        new(Op.I64AtomicRmw8AddU,      "i64.atomic.rmw8.add_u",      Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(1, "I64AtomicRmw8AddU"), Threads),
        new(Op.I64AtomicRmw16AddU,     "i64.atomic.rmw16.add_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(2, "I64AtomicRmw16AddU"), Threads),
        new(Op.I64AtomicRmw32AddU,     "i64.atomic.rmw32.add_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(4, "I64AtomicRmw32AddU"), Threads),
        new(Op.I32AtomicRmwSub,        "i32.atomic.rmw.sub",         Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(4, "I32AtomicRmwSub"), Threads),
        new(Op.I64AtomicRmwSub,        "i64.atomic.rmw.sub",         Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(8, "I64AtomicRmwSub"), Threads),
        new(Op.I32AtomicRmw8SubU,      "i32.atomic.rmw8.sub_u",      Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(1, "I32AtomicRmw8SubU"), Threads),
        new(Op.I32AtomicRmw16SubU,     "i32.atomic.rmw16.sub_u",     Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(2, "I32AtomicRmw16SubU"), Threads),
        new(Op.I64AtomicRmw8SubU,      "i64.atomic.rmw8.sub_u",      Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(1, "I64AtomicRmw8SubU"), Threads),
        new(Op.I64AtomicRmw16SubU,     "i64.atomic.rmw16.sub_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(2, "I64AtomicRmw16SubU"), Threads),
        new(Op.I64AtomicRmw32SubU,     "i64.atomic.rmw32.sub_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(4, "I64AtomicRmw32SubU"), Threads),
        new(Op.I32AtomicRmwAnd,        "i32.atomic.rmw.and",         Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(4, "I32AtomicRmwAnd"), Threads),
        new(Op.I64AtomicRmwAnd,        "i64.atomic.rmw.and",         Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(8, "I64AtomicRmwAnd"), Threads),
        new(Op.I32AtomicRmw8AndU,      "i32.atomic.rmw8.and_u",      Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(1, "I32AtomicRmw8AndU"), Threads),
        new(Op.I32AtomicRmw16AndU,     "i32.atomic.rmw16.and_u",     Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(2, "I32AtomicRmw16AndU"), Threads),
        new(Op.I64AtomicRmw8AndU,      "i64.atomic.rmw8.and_u",      Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(1, "I64AtomicRmw8AndU"), Threads),
        new(Op.I64AtomicRmw16AndU,     "i64.atomic.rmw16.and_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(2, "I64AtomicRmw16AndU"), Threads),
        new(Op.I64AtomicRmw32AndU,     "i64.atomic.rmw32.and_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(4, "I64AtomicRmw32AndU"), Threads),
        new(Op.I32AtomicRmwOr,         "i32.atomic.rmw.or",          Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(4, "I32AtomicRmwOr"), Threads),
        new(Op.I64AtomicRmwOr,         "i64.atomic.rmw.or",          Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(8, "I64AtomicRmwOr"), Threads),
        new(Op.I32AtomicRmw8OrU,       "i32.atomic.rmw8.or_u",       Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(1, "I32AtomicRmw8OrU"), Threads),
        new(Op.I32AtomicRmw16OrU,      "i32.atomic.rmw16.or_u",      Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(2, "I32AtomicRmw16OrU"), Threads),
        new(Op.I64AtomicRmw8OrU,       "i64.atomic.rmw8.or_u",       Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(1, "I64AtomicRmw8OrU"), Threads),
        new(Op.I64AtomicRmw16OrU,      "i64.atomic.rmw16.or_u",      Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(2, "I64AtomicRmw16OrU"), Threads),
        new(Op.I64AtomicRmw32OrU,      "i64.atomic.rmw32.or_u",      Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(4, "I64AtomicRmw32OrU"), Threads),
        new(Op.I32AtomicRmwXor,        "i32.atomic.rmw.xor",         Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(4, "I32AtomicRmwXor"), Threads),
        new(Op.I64AtomicRmwXor,        "i64.atomic.rmw.xor",         Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(8, "I64AtomicRmwXor"), Threads),
        new(Op.I32AtomicRmw8XorU,      "i32.atomic.rmw8.xor_u",      Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(1, "I32AtomicRmw8XorU"), Threads),
        new(Op.I32AtomicRmw16XorU,     "i32.atomic.rmw16.xor_u",     Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(2, "I32AtomicRmw16XorU"), Threads),
        new(Op.I64AtomicRmw8XorU,      "i64.atomic.rmw8.xor_u",      Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(1, "I64AtomicRmw8XorU"), Threads),
        new(Op.I64AtomicRmw16XorU,     "i64.atomic.rmw16.xor_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(2, "I64AtomicRmw16XorU"), Threads),
        new(Op.I64AtomicRmw32XorU,     "i64.atomic.rmw32.xor_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(4, "I64AtomicRmw32XorU"), Threads),
        new(Op.I32AtomicRmwXchg,       "i32.atomic.rmw.xchg",        Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(4, "I32AtomicRmwXchg"), Threads),
        new(Op.I64AtomicRmwXchg,       "i64.atomic.rmw.xchg",        Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(8, "I64AtomicRmwXchg"), Threads),
        new(Op.I32AtomicRmw8XchgU,     "i32.atomic.rmw8.xchg_u",     Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(1, "I32AtomicRmw8XchgU"), Threads),
        new(Op.I32AtomicRmw16XchgU,    "i32.atomic.rmw16.xchg_u",    Immediates.AtomicMemArg, Access([I32], [I32]),      Atomic(2, "I32AtomicRmw16XchgU"), Threads),
        new(Op.I64AtomicRmw8XchgU,     "i64.atomic.rmw8.xchg_u",     Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(1, "I64AtomicRmw8XchgU"), Threads),
        new(Op.I64AtomicRmw16XchgU,    "i64.atomic.rmw16.xchg_u",    Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(2, "I64AtomicRmw16XchgU"), Threads),
        new(Op.I64AtomicRmw32XchgU,    "i64.atomic.rmw32.xchg_u",    Immediates.AtomicMemArg, Access([I64], [I64]),      Atomic(4, "I64AtomicRmw32XchgU"), Threads),
        new(Op.I32AtomicRmwCmpxchg,    "i32.atomic.rmw.cmpxchg",     Immediates.AtomicMemArg, Access([I32, I32], [I32]), Atomic(4, "I32AtomicRmwCmpxchg"), Threads),
        new(Op.I64AtomicRmwCmpxchg,    "i64.atomic.rmw.cmpxchg",     Immediates.AtomicMemArg, Access([I64, I64], [I64]), Atomic(8, "I64AtomicRmwCmpxchg"), Threads),
        new(Op.I32AtomicRmw8CmpxchgU,  "i32.atomic.rmw8.cmpxchg_u",  Immediates.AtomicMemArg, Access([I32, I32], [I32]), Atomic(1, "I32AtomicRmw8CmpxchgU"), Threads),
        new(Op.I32AtomicRmw16CmpxchgU, "i32.atomic.rmw16.cmpxchg_u", Immediates.AtomicMemArg, Access([I32, I32], [I32]), Atomic(2, "I32AtomicRmw16CmpxchgU"), Threads),
        new(Op.I64AtomicRmw8CmpxchgU,  "i64.atomic.rmw8.cmpxchg_u",  Immediates.AtomicMemArg, Access([I64, I64], [I64]), Atomic(1, "I64AtomicRmw8CmpxchgU"), Threads),
        new(Op.I64AtomicRmw16CmpxchgU, "i64.atomic.rmw16.cmpxchg_u", Immediates.AtomicMemArg, Access([I64, I64], [I64]), Atomic(2, "I64AtomicRmw16CmpxchgU"), Threads),
        new(Op.I64AtomicRmw32CmpxchgU, "i64.atomic.rmw32.cmpxchg_u", Immediates.AtomicMemArg, Access([I64, I64], [I64]), Atomic(4, "I64AtomicRmw32CmpxchgU"), Threads),
    ];
}
