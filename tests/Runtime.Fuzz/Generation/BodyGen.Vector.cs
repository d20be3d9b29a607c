using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

internal sealed partial class BodyGen
{
    // Opcode and the binary logarithm of the width.
    private static readonly ImmutableArray<(int Code, int Log)> s_vectorLoads =
        [(0, 4), (1, 3), (2, 3), (3, 3), (4, 3), (5, 3), (6, 3), (7, 0), (8, 1), (9, 2), (10, 3), (92, 2), (93, 3)];

    private void Vector(int depth)
    {
        switch (_choices.Below(13))
        {
            case 12 when !_shape.IsLegacy:
                Relaxed(depth);
                break;
            case 0:
                Leaf(ValType.V128);
                break;
            case 1:
                VectorLoad(depth);
                break;
            case 2:
                LaneAccess(84, depth);
                break;
            case 3:
                Shuffle(depth);
                break;
            default:
                Write(_choices.Of(VectorOps.GivingVectors), depth);
                break;
        }
    }

    private void NumberOfVector(ValType type, int depth) => Write(_choices.Of(VectorOps.GivingNumbers.Where(operation => operation.Result == type).ToList()), depth);

    private void VectorStore(int depth)
    {
        if (_choices.Chance(30))
        {
            LaneAccess(88, depth);
            return;
        }

        var memory = _choices.Below(_shape.Memories.Length);
        var offset = Address(memory, depth);
        Expression(ValType.V128, depth + 1);
        WriteVectorAccess(11, 4, memory, offset);
    }

    private void VectorLoad(int depth)
    {
        var (code, log) = _choices.Of(s_vectorLoads);
        var memory = _choices.Below(_shape.Memories.Length);
        var offset = Address(memory, depth);
        WriteVectorAccess(code, log, memory, offset);
    }

    // v128.load8_lane and its wider kin from 84, the stores from 88
    private void LaneAccess(int first, int depth)
    {
        var log = _choices.Below(4);
        var memory = _choices.Below(_shape.Memories.Length);
        var offset = Address(memory, depth);
        Expression(ValType.V128, depth + 1);
        WriteVectorAccess(first + log, log, memory, offset);
        _code.Byte((byte)_choices.Below(16 >> log));
    }

    private void WriteVectorAccess(int code, int log, int memory, ulong offset)
    {
        var align = (uint)_choices.Below(log + 1);
        _code.Byte(0xFD).U32((uint)code).U32(memory == 0 ? align : align | 0x40);
        if (memory != 0)
        {
            _code.U32((uint)memory);
        }

        _code.U64(offset);
    }

    private void Write(VectorOp operation, int depth)
    {
        Expressions(operation.Parameters, depth);
        _code.Byte(0xFD).U32((uint)operation.Code);
        if (operation.Lanes > 0)
        {
            _code.Byte((byte)_choices.Below(operation.Lanes));
        }

        if (operation.NanWidth > 0)
        {
            MakeNansCanonical(operation.NanWidth);
        }
    }

    // bitselect(value, canonical NaNs, value == value)
    private void MakeNansCanonical(int width)
    {
        var scratch = (uint)_scratch128;
        _code.Byte(0x22).U32(scratch).Byte(0xFD).U32(12);
        for (var i = 0; i < 128 / width; i++)
        {
            _ = width == 32 ? _code.Bits32(0x7FC0_0000) : _code.Bits64(0x7FF8_0000_0000_0000);
        }

        _code.Byte(0x20).U32(scratch).Byte(0x20).U32(scratch).Byte(0xFD).U32(width == 32 ? 65u : 71u).Byte(0xFD).U32(82);
    }
}
