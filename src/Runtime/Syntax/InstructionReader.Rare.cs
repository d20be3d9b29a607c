namespace HostService.Runtime.Syntax;

/// <content>Immediates that are lists, types, lanes and vectors.</content>
internal ref partial struct InstructionReader
{
    private void ReadRareImmediates(Immediates immediates, ref Instruction instruction)
    {
        switch (immediates)
        {
            case Immediates.LabelTable: ReadLabelTable(ref instruction); break;
            case Immediates.Catches: ReadCatches(ref instruction); break;
            case Immediates.BranchOnCast: ReadBranchOnCast(ref instruction); break;
            case Immediates.SelectTypes: ReadSelectTypes(ref instruction); break;
            case Immediates.HeapType: instruction.Type = _reader.ReadHeapType(IsNullable(instruction.Op)); break;

            case Immediates.Fence:
                if (_reader.ReadByte() != 0)
                {
                    WasmReader.ThrowMalformed("zero byte expected", _reader.Position - 1);
                }

                break;

            case Immediates.MemArgAndLane:
                ReadMemArg(ref instruction);
                instruction.Index2 = _reader.ReadByte();
                break;

            case Immediates.Lane16:
            case Immediates.Lane8:
            case Immediates.Lane4:
            case Immediates.Lane2:
                instruction.Index = _reader.ReadByte();
                break;

            case Immediates.Shuffle:
            case Immediates.V128Const:
                instruction.Immediate = _reader.ReadFixed64();
                instruction.ImmediateHigh = _reader.ReadFixed64();
                break;

            default:
                ThrowIllegalOpcode(instruction.Offset, instruction.Op);
                break;
        }
    }

    private void ReadLabelTable(ref Instruction instruction)
    {
        instruction.ListCount = _reader.ReadCount();
        instruction.ListOffset = _reader.Position;
        for (var i = 0; i < instruction.ListCount; i++)
        {
            _reader.ReadU32();
        }

        instruction.Index = _reader.ReadIndex();
    }

    private void ReadCatches(ref Instruction instruction)
    {
        instruction.BlockType = _reader.ReadBlockType();
        instruction.ListCount = _reader.ReadCount(itemBytes: 2);
        instruction.ListOffset = _reader.Position;
        for (var i = 0; i < instruction.ListCount; i++)
        {
            CatchReader.ReadClause(ref _reader);
        }
    }

    private void ReadBranchOnCast(ref Instruction instruction)
    {
        var start = _reader.Position;
        var flags = _reader.ReadByte();
        if (flags > 3)
        {
            WasmReader.ThrowMalformed("malformed br_on_cast flags", start);
        }

        instruction.Index = _reader.ReadIndex();
        instruction.Type = _reader.ReadHeapType(nullable: (flags & 1) != 0);
        instruction.Type2 = _reader.ReadHeapType(nullable: (flags & 2) != 0);
    }

    private void ReadSelectTypes(ref Instruction instruction)
    {
        instruction.ListCount = _reader.ReadCount();
        instruction.ListOffset = _reader.Position;
        for (var i = 0; i < instruction.ListCount; i++)
        {
            instruction.Type = _reader.ReadValueType();
        }
    }

    private static bool IsNullable(Op op) => op is Op.RefNull or Op.RefTestNull or Op.RefCastNull;
}
