using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

internal sealed partial class BodyGen
{
    // Opcode and the binary logarithm of the width.
    private static readonly ImmutableDictionary<ValType, ImmutableArray<(byte Code, int Log)>> s_loads = new Dictionary<ValType, ImmutableArray<(byte, int)>>
    {
        [ValType.I32] = [(0x28, 2), (0x2C, 0), (0x2D, 0), (0x2E, 1), (0x2F, 1)],
        [ValType.I64] = [(0x29, 3), (0x30, 0), (0x31, 0), (0x32, 1), (0x33, 1), (0x34, 2), (0x35, 2)],
        [ValType.F32] = [(0x2A, 2)],
        [ValType.F64] = [(0x2B, 3)],
    }.ToImmutableDictionary();

    private static readonly ImmutableDictionary<ValType, ImmutableArray<(byte Code, int Log)>> s_stores = new Dictionary<ValType, ImmutableArray<(byte, int)>>
    {
        [ValType.I32] = [(0x36, 2), (0x3A, 0), (0x3B, 1)],
        [ValType.I64] = [(0x37, 3), (0x3C, 0), (0x3D, 1), (0x3E, 2)],
        [ValType.F32] = [(0x38, 2)],
        [ValType.F64] = [(0x39, 3)],
    }.ToImmutableDictionary();

    private void Load(ValType type, int depth)
    {
        var (code, log) = _choices.Of(s_loads[type]);
        var memory = _choices.Below(_shape.Memories.Length);
        var offset = Address(memory, depth);
        WriteAccess(code, log, memory, offset);
    }

    private void Store(int depth)
    {
        var type = _choices.Number();
        var (code, log) = _choices.Of(s_stores[type]);
        var memory = _choices.Below(_shape.Memories.Length);
        var offset = Address(memory, depth);
        Expression(type, depth + 1);
        WriteAccess(code, log, memory, offset);
    }

    /// <summary>Several accesses from one base in a local, near the end of a page: what a compiler may check together, and must not reorder with a trap.</summary>
    private void AccessesFromOneBase(int depth)
    {
        var memory = _choices.Below(_shape.Memories.Length);
        var is64 = _shape.Memories[memory].Is64;
        if (LocalOf(is64 ? ValType.I64 : ValType.I32, toSet: true) is not { } address)
        {
            return;
        }

        var room = _choices.Below(_choices.Chance(50) ? 64 : 5_000);
        Constant(is64, (65536 * (1 + _choices.Below(2))) - room);
        _code.Byte(0x21).U32((uint)address);
        for (var count = 2 + _choices.Below(5); count > 0; count--)
        {
            // The whole access fits in about seven of eight cases.
            var offset = (ulong)_choices.Below(_choices.Chance(88) ? Math.Max(1, room - 8) : room + 16);
            _code.Byte(0x20).U32((uint)address);
            var type = _choices.Number();
            if (_choices.Chance(60))
            {
                var (code, log) = _choices.Of(s_loads[type]);
                WriteAccess(code, log, memory, offset);
                Consume(type);
            }
            else
            {
                var (code, log) = _choices.Of(s_stores[type]);
                Leaf(type);
                WriteAccess(code, log, memory, offset);
            }

            if (_choices.Chance(10))
            {
                Statement(depth + 1);
            }
        }
    }

    /// <summary>Writes an address and gives the offset to use with it. Most of them are in bounds; the rest are at the end of a page or anywhere.</summary>
    private ulong Address(int memory, int depth)
    {
        var is64 = _shape.Memories[memory].Is64;
        switch (_choices.Below(100))
        {
            case < 90:
                Expression(is64 ? ValType.I64 : ValType.I32, depth + 1);
                Constant(is64, 0x7FFF);
                _code.Byte((byte)(is64 ? 0x83 : 0x71));
                return (ulong)_choices.Below(0x7FF0);
            case < 97:
                var split = _choices.Below(65536);
                Constant(is64, 65536 - split);
                return (ulong)Math.Max(0, split - 16 + _choices.Below(16));
            case < 99:
                Expression(is64 ? ValType.I64 : ValType.I32, depth + 1);
                return (ulong)_choices.Below(65536);
            default:
                Expression(is64 ? ValType.I64 : ValType.I32, depth + 1);
                return is64 ? (ulong)_choices.Integer() : (uint)_choices.Integer();
        }
    }

    private void Constant(bool is64, long value) => _code.Byte((byte)(is64 ? 0x42 : 0x41)).Signed(value);

    private void WriteAccess(byte code, int log, int memory, ulong offset)
    {
        var align = (uint)_choices.Below(log + 1);
        _code.Byte(code);
        if (memory == 0)
        {
            _code.U32(align);
        }
        else
        {
            _code.U32(align | 0x40).U32((uint)memory);
        }

        _code.U64(offset);
    }

    private void BulkMemory(int depth)
    {
        var memory = _choices.Below(_shape.Memories.Length);
        var is64 = _shape.Memories[memory].Is64;
        switch (_choices.Below(4))
        {
            case 0:
                Range(is64, depth);
                Expression(ValType.I32, depth + 1);
                Length(is64, depth);
                _code.Byte(0xFC).U32(11).U32((uint)memory);
                break;
            case 1:
                var source = _choices.Below(_shape.Memories.Length);
                var source64 = _shape.Memories[source].Is64;
                Range(is64, depth);
                Range(source64, depth);
                Length(is64 && source64, depth);
                _code.Byte(0xFC).U32(10).U32((uint)memory).U32((uint)source);
                break;
            case 2:
                Range(is64, depth);
                Constant(false, _choices.Below(12));
                Constant(false, _choices.Below(12));
                _code.Byte(0xFC).U32(8).U32((uint)_choices.Below(_shape.DataSegments)).U32((uint)memory);
                break;
            default:
                _code.Byte(0xFC).U32(9).U32((uint)_choices.Below(_shape.DataSegments));
                break;
        }
    }

    private void Range(bool is64, int depth)
    {
        Expression(is64 ? ValType.I64 : ValType.I32, depth + 1);
        if (_choices.Chance(98))
        {
            Constant(is64, 0xFFFF);
            _code.Byte((byte)(is64 ? 0x83 : 0x71));
        }
    }

    private void Length(bool is64, int depth)
    {
        if (_choices.Chance(70))
        {
            Constant(is64, _choices.Below(300));
        }
        else
        {
            Range(is64, depth);
        }
    }

    /// <summary>An integer that says or changes how large something is.</summary>
    private void Size(ValType type, int depth)
    {
        var fitting = Enumerable.Range(0, _shape.Memories.Length).Where(i => _shape.Memories[i].Is64 == (type == ValType.I64)).ToList();
        if (type == ValType.I32 && (fitting.Count == 0 || _choices.Chance(40)))
        {
            TableSize(depth);
        }
        else if (fitting.Count == 0)
        {
            Leaf(type);
        }
        else if (_choices.Chance(60))
        {
            _code.Byte(0x3F).U32((uint)_choices.Of(fitting));
        }
        else
        {
            var grown = _choices.Of(fitting);
            var delta = _choices.Chance(80) ? _choices.Below(3) * (_choices.Chance(80) ? _shape.Memories[grown].PageUnit : 1) : _choices.Integer();
            Constant(type == ValType.I64, type == ValType.I64 ? delta : (int)delta);
            _code.Byte(0x40).U32((uint)grown);
        }
    }
}
