namespace HostService.Runtime.Debugging;

/// <summary>The header of a line program, as far as it is needed to run it. DWARF 5, 6.2.4.</summary>
internal readonly record struct DwarfLineHeader
{
    private const int MinVersion = 2;
    private const int MaxVersion = 5;

    /// <summary>The version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>How long addresses are; 0 before version 5, where the unit says it.</summary>
    public required int AddressBytes { get; init; }

    /// <summary>Whether offsets take eight bytes.</summary>
    public required bool Is64 { get; init; }

    /// <summary>Where the program begins, and where it ends.</summary>
    public required int ProgramStart { get; init; }

    public required int End { get; init; }

    public required int MinInstructionBytes { get; init; }

    public required int LineBase { get; init; }

    /// <summary>Not 0.</summary>
    public required int LineRange { get; init; }

    public required int OpcodeBase { get; init; }

    /// <summary>Where the numbers of operands of the standard opcodes are.</summary>
    public required int OperandCounts { get; init; }

    /// <summary>Reads a header up to the tables of directories and files, where the reader is then.</summary>
    public static DwarfLineHeader Read(ref DwarfReader reader)
    {
        var end = reader.UnitEnd();
        var version = reader.U16();
        if (version is < MinVersion or > MaxVersion)
        {
            throw new DwarfException($"There is no version {version} of line programs.");
        }

        var addressBytes = version >= MaxVersion ? reader.U8() : 0;
        if (version >= MaxVersion)
        {
            reader.U8(); // the size of segment selectors
        }

        var length = reader.Offset();
        var start = (ulong)reader.Position + length;
        var minInstructionBytes = reader.U8();
        if (version >= 4)
        {
            reader.U8(); // operations in an instruction: always 1
        }

        reader.U8(); // whether rows begin statements
        var lineBase = (sbyte)reader.U8();
        var lineRange = reader.U8();
        var opcodeBase = reader.U8();
        var operandCounts = reader.Position;
        reader.Skip((ulong)Math.Max(0, opcodeBase - 1));
        if (start > (ulong)end || length > (ulong)end || lineRange == 0)
        {
            throw new DwarfException("The header of a line program makes no sense.");
        }

        return new DwarfLineHeader
        {
            Version = version,
            AddressBytes = addressBytes,
            Is64 = reader.Is64,
            ProgramStart = (int)start,
            End = end,
            MinInstructionBytes = minInstructionBytes,
            LineBase = lineBase,
            LineRange = lineRange,
            OpcodeBase = opcodeBase,
            OperandCounts = operandCounts,
        };
    }

    /// <summary>The state some instructions further.</summary>
    public DwarfRow Advance(DwarfRow row, ulong instructions) => row with { Address = row.Address + (instructions * (ulong)MinInstructionBytes) };

    /// <summary>How many operands an unknown standard opcode has, so that they can be passed over.</summary>
    public int OperandsOf(ref DwarfReader reader, byte opcode)
    {
        var position = (ulong)reader.Position;
        reader.Seek((ulong)(OperandCounts + opcode - 1));
        var count = reader.U8();
        reader.Seek(position);
        return count;
    }
}
