using HostService.Runtime.Syntax;

namespace HostService.Runtime.Validation;

/// <content>Memories, data segments and lanes.</content>
internal sealed partial class FunctionValidator
{
    private MemoryType MemoryTypeAt(int memory)
    {
        if ((uint)memory >= (uint)_syntax.Memories.Length)
        {
            ThrowInvalid($"unknown memory {memory}");
        }

        return _syntax.Memories[memory];
    }

    /// <summary>Checks a memory access but for its operands.</summary>
    /// <returns>The type of its address.</returns>
    private ValueType CheckMemArg(in Instruction instruction, InstructionInfo row)
    {
        var memory = MemoryTypeAt(instruction.Index);
        if (instruction.AlignLog2 > row.NaturalAlignLog2)
        {
            ThrowInvalid($"alignment must not be larger than natural: 2^{instruction.AlignLog2} for an access of {row.Lowering.AccessBytes} bytes");
        }

        if (row.Immediates == Immediates.AtomicMemArg && instruction.AlignLog2 != row.NaturalAlignLog2)
        {
            ThrowInvalid($"atomic alignment must be natural: 2^{instruction.AlignLog2} for an access of {row.Lowering.AccessBytes} bytes");
        }

        if (!memory.Is64 && instruction.Immediate > uint.MaxValue)
        {
            ThrowInvalid($"offset out of range: {instruction.Immediate} in a memory with 32-bit addresses");
        }

        return memory.AddressType;
    }

    private void CheckLanes(in Instruction instruction, InstructionInfo row)
    {
        if (row.Immediates != Immediates.Shuffle)
        {
            CheckLane(row.Immediates == Immediates.MemArgAndLane ? instruction.Index2 : instruction.Index, row.Lanes);
            return;
        }

        for (var i = 0; i < 64; i += 8)
        {
            CheckLane((byte)(instruction.Immediate >> i), row.Lanes);
            CheckLane((byte)(instruction.ImmediateHigh >> i), row.Lanes);
        }
    }

    private void CheckLane(int lane, int lanes)
    {
        if (lane >= lanes)
        {
            ThrowInvalid($"invalid lane index {lane}: there are {lanes} lanes");
        }
    }

    private void CheckMemorySize(int memory) => Operands.Push(MemoryTypeAt(memory).AddressType);

    private void CheckMemoryGrow(int memory)
    {
        var address = MemoryTypeAt(memory).AddressType;
        PopOperand(address);
        Operands.Push(address);
    }

    private void CheckMemoryFill(int memory)
    {
        var address = MemoryTypeAt(memory).AddressType;
        PopOperand(address);
        PopOperand(ValueType.I32);
        PopOperand(address);
    }

    private void CheckMemoryCopy(in Instruction instruction)
    {
        var destination = MemoryTypeAt(instruction.Index);
        var source = MemoryTypeAt(instruction.Index2);
        PopOperand(destination.Is64 && source.Is64 ? ValueType.I64 : ValueType.I32);
        PopOperand(source.AddressType);
        PopOperand(destination.AddressType);
    }

    private void CheckMemoryInit(in Instruction instruction)
    {
        var memory = MemoryTypeAt(instruction.Index2);
        CheckDataSegment(instruction.Index);
        PopOperand(ValueType.I32);
        PopOperand(ValueType.I32);
        PopOperand(memory.AddressType);
    }

    private void CheckDataDrop(int segment) => CheckDataSegment(segment);

    // The data section comes after the code, so the number of segments is known from a section of its own or not at all.
    private void CheckDataSegment(int segment)
    {
        if (_syntax.DataCount is not { } count)
        {
            throw new MalformedModuleException("data count section required", _offset);
        }

        if ((uint)segment >= (uint)count)
        {
            ThrowInvalid($"unknown data segment {segment}");
        }
    }
}
