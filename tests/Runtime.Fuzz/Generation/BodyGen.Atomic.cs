namespace HostService.Runtime.Fuzz.Generation;

/// <content>Atomic instructions, on memories of one thread, and wide arithmetic.</content>
internal sealed partial class BodyGen
{
    private const byte Atomics = 0xFE;

    // In the order of the opcodes of each operation: i32, i64, then the narrow ones.
    private static readonly (ValType Type, int Log)[] s_atomicWidths =
        [(ValType.I32, 2), (ValType.I64, 3), (ValType.I32, 0), (ValType.I32, 1), (ValType.I64, 0), (ValType.I64, 1), (ValType.I64, 2)];

    /// <summary>A load, or an operation that gives what was there before.</summary>
    private void Atomic(ValType type, int depth)
    {
        var width = _choices.Of(Enumerable.Range(0, s_atomicWidths.Length).Where(i => s_atomicWidths[i].Type == type).ToList());
        var operation = _choices.Below(9);
        if (operation == 8 && type == ValType.I32)
        {
            // memory.atomic.notify: nobody waits
            var (waited, at) = AtomicAddress(2, depth);
            Expression(ValType.I32, depth + 1);
            WriteAtomic(0, 2, waited, at);
            return;
        }

        var (memory, offset) = AtomicAddress(s_atomicWidths[width].Log, depth);
        switch (operation)
        {
            case 0 or 8:
                WriteAtomic(0x10 + width, s_atomicWidths[width].Log, memory, offset);
                break;
            case 7:
                // cmpxchg
                Expression(type, depth + 1);
                Expression(type, depth + 1);
                WriteAtomic(0x48 + width, s_atomicWidths[width].Log, memory, offset);
                break;
            default:
                // add sub and or xor xchg
                Expression(type, depth + 1);
                WriteAtomic(0x1E + (7 * (operation - 1)) + width, s_atomicWidths[width].Log, memory, offset);
                break;
        }
    }

    private void AtomicStatement(int depth)
    {
        if (_choices.Chance(10))
        {
            _code.Byte(Atomics).U32(3).Byte(0); // atomic.fence
            return;
        }

        if (_choices.Chance(_shape.Memories.Any(memory => memory.IsShared) ? 15 : 3))
        {
            // memory.atomic.wait32, wait64: a memory that is not shared traps, and nobody would notify us in another
            var log = 2 + _choices.Below(2);
            var (waited, at) = AtomicAddress(log, depth);
            Expression(log == 2 ? ValType.I32 : ValType.I64, depth + 1);
            if (_shape.Memories[waited].IsShared)
            {
                Number(ValType.I64, _choices.Below(3) * 500); // nanoseconds
            }
            else
            {
                Expression(ValType.I64, depth + 1);
            }

            WriteAtomic(log - 1, log, waited, at);
            Consume(ValType.I32);
            return;
        }

        var width = _choices.Below(s_atomicWidths.Length);
        var (memory, offset) = AtomicAddress(s_atomicWidths[width].Log, depth);
        Expression(s_atomicWidths[width].Type, depth + 1);
        WriteAtomic(0x17 + width, s_atomicWidths[width].Log, memory, offset);
    }

    // Mostly aligned and in bounds, and never neither: engines differ in which of the two they look at first.
    private (int Memory, ulong Offset) AtomicAddress(int log, int depth)
    {
        var memory = _choices.Below(_shape.Memories.Length);
        var is64 = _shape.Memories[memory].Is64;
        Expression(is64 ? ValType.I64 : ValType.I32, depth + 1);
        var isNear = _choices.Chance(95);
        Constant(is64, isNear ? 0x7FF8 : 0x3FFF8);
        _code.Byte((byte)(is64 ? 0x83 : 0x71));
        return (memory, (ulong)(_choices.Below(0x1000) << (!isNear || _choices.Chance(97) ? log : 0)));
    }

    private void WriteAtomic(int code, int log, int memory, ulong offset)
    {
        _code.Byte(Atomics).U32((uint)code).U32(memory == 0 ? (uint)log : (uint)log | 0x40);
        if (memory != 0)
        {
            _code.U32((uint)memory);
        }

        _code.U64(offset);
    }

    // i64.add128 i64.sub128 i64.mul_wide_s i64.mul_wide_u
    private void WideArithmetic(int depth)
    {
        var operation = _choices.Below(4);
        Expressions([.. Enumerable.Repeat(ValType.I64, operation < 2 ? 4 : 2)], depth);
        _code.Byte(0xFC).U32((uint)(19 + operation));
        ConsumeAll([ValType.I64, ValType.I64]);
    }
}
