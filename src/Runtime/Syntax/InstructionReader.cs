using System.Runtime.CompilerServices;

namespace HostService.Runtime.Syntax;

/// <summary>
/// Reads the instructions of a function body or of a constant expression, one by one. It knows nothing of blocks: <c>end</c> is an instruction.
/// </summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/instructions.html">Spec: instructions</see></remarks>
internal ref partial struct InstructionReader
{
    private readonly byte[] _immediates;
    private readonly int _end;
    private WasmReader _reader;

    /// <summary>Reads from <paramref name="start"/> up to <paramref name="end"/> of a binary.</summary>
    public InstructionReader(ReadOnlySpan<byte> binary, int start, int end, WasmFeatures features)
    {
        // The last instruction may reach beyond the end; that is found when the next one is asked for.
        _reader = new WasmReader(binary, start, binary.Length);
        _end = end;
        _immediates = OpcodeMap.ImmediatesFor(features);
    }

    /// <summary>Reads the instructions of a function's body, which begin after the declarations of its locals.</summary>
    /// <param name="module">A valid module.</param>
    /// <param name="function">The function, counted without the imported ones.</param>
    public static InstructionReader OfBody(ModuleSyntax module, int function)
    {
        var body = module.Bodies[function];
        var declarations = new WasmReader(module.Binary.Span, body.Offset, body.Offset + body.Length);
        for (var groups = declarations.ReadU32(); groups > 0; groups--)
        {
            declarations.ReadU32();
            declarations.ReadValueType();
        }

        return new InstructionReader(module.Binary.Span, declarations.Position, body.Offset + body.Length, module.Features);
    }

    /// <summary>Where the next instruction begins.</summary>
    public readonly int Position => _reader.Position;

    /// <summary>Whether the range is read to its end.</summary>
    public readonly bool AtEnd => _reader.Position >= _end;

    /// <summary>Reads the next instruction, or says that the range is at its end.</summary>
    /// <exception cref="MalformedModuleException">The bytes are no instruction.</exception>
    public bool Read(ref Instruction instruction)
    {
        if (_reader.Position >= _end)
        {
            return CheckEnd();
        }

        instruction.Offset = _reader.Position;
        int op = _reader.ReadByte();
        if (op >= OpPrefix.Gc)
        {
            op = ReadPrefixed((byte)op, instruction.Offset);
        }

        instruction.Op = (Op)op;
        var immediates = _immediates[op];
        if (immediates != (byte)Immediates.None)
        {
            ReadImmediates((Immediates)immediates, ref instruction);
        }

        instruction.EndOffset = _reader.Position;
        return true;
    }

    private readonly bool CheckEnd()
    {
        if (_reader.Position > _end)
        {
            WasmReader.ThrowMalformed("unexpected end of section or function: section size mismatch", _end);
        }

        return false;
    }

    private int ReadPrefixed(byte prefix, int offset)
    {
        if (!OpPrefix.IsPrefix(prefix))
        {
            ThrowIllegalOpcode(offset);
        }

        if (OpPrefix.Combine(prefix, _reader.ReadU32()) is not { } op)
        {
            ThrowIllegalOpcode(offset);
            return 0;
        }

        return (int)op;
    }

    private void ReadImmediates(Immediates immediates, ref Instruction instruction)
    {
        switch (immediates)
        {
            case Immediates.LocalIndex:
            case Immediates.Label:
            case Immediates.FuncIndex:
            case Immediates.TypeIndex:
            case Immediates.TagIndex:
            case Immediates.GlobalIndex:
            case Immediates.TableIndex:
            case Immediates.ElementIndex:
            case Immediates.MemoryIndex:
            case Immediates.DataIndex:
                instruction.Index = _reader.ReadIndex();
                break;

            case Immediates.I32Const:
                instruction.Immediate = (ulong)(long)_reader.ReadS32();
                break;

            case Immediates.I64Const:
                instruction.Immediate = (ulong)_reader.ReadS64();
                break;

            case Immediates.F32Const:
                instruction.Immediate = _reader.ReadFixed32();
                break;

            case Immediates.F64Const:
                instruction.Immediate = _reader.ReadFixed64();
                break;

            case Immediates.MemArg:
            case Immediates.AtomicMemArg:
                ReadMemArg(ref instruction);
                break;

            case Immediates.BlockType:
                instruction.BlockType = _reader.ReadBlockType();
                break;

            case Immediates.TypeAndTable:
            case Immediates.TypeAndField:
            case Immediates.TypeAndCount:
            case Immediates.TypeAndData:
            case Immediates.TypeAndElement:
            case Immediates.TypeAndType:
            case Immediates.TableAndTable:
            case Immediates.ElementAndTable:
            case Immediates.MemoryAndMemory:
            case Immediates.DataAndMemory:
                instruction.Index = _reader.ReadIndex();
                instruction.Index2 = _reader.ReadIndex();
                break;

            default:
                ReadRareImmediates(immediates, ref instruction);
                break;
        }
    }

    private void ReadMemArg(ref Instruction instruction)
    {
        var start = _reader.Position;
        var flags = _reader.ReadU32();
        if (flags >= 0x80)
        {
            WasmReader.ThrowMalformed("malformed memop flags", start);
        }

        // Bit 6 says that a memory index follows; the bits below it are the alignment.
        instruction.AlignLog2 = (byte)(flags & 0x3F);
        instruction.Index = (flags & 0x40) == 0 ? 0 : _reader.ReadIndex();
        instruction.Immediate = _reader.ReadU64();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ThrowIllegalOpcode(int offset, Op? known = null)
    {
        // The spec's word, then the bytes in hexadecimal: "illegal opcode ff". And what a proposal that is switched off has for it.
        var bytes = _reader.Slice(offset, Math.Max(_reader.Position, offset + 1));
        var hint = InstructionTable.Rows.FirstOrDefault(row => row.Op == known) is { } row && row.Group.RequiredFeature() is not WasmFeatures.None and var feature
            ? $": {row.Text} needs the feature {feature}"
            : "";
        WasmReader.ThrowMalformed($"illegal opcode {System.Convert.ToHexStringLower(bytes)}{hint}", offset);
    }
}
