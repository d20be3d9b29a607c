namespace HostService.Runtime.Debugging;

/// <summary>Runs the line program of a unit: a state machine whose rows say which address is which line. DWARF 5, 6.2.</summary>
internal sealed class DwarfLineProgram
{
    private readonly DwarfSections _sections;
    private readonly ulong _offset;

    private DwarfLineProgram(DwarfSections sections, ulong offset) => (_sections, _offset) = (sections, offset);

    /// <summary>The names of the files that rows point to.</summary>
    public DwarfFiles Files { get; private set; } = null!;

    private DwarfLineHeader Header { get; set; }

    /// <summary>Reads the header of a unit's program.</summary>
    /// <returns>Null when the unit has none.</returns>
    public static DwarfLineProgram? Read(DwarfSections sections, DwarfUnit unit, DwarfBudget budget)
    {
        if (unit.LineProgram is not { } offset)
        {
            return null;
        }

        var program = new DwarfLineProgram(sections, offset);
        var reader = sections.Read(sections.Lines, offset, budget);
        program.Header = DwarfLineHeader.Read(ref reader);
        program.Files = new DwarfFiles(sections, unit, program.Header, reader.Position);
        return program;
    }

    /// <summary>The rows that addresses belong to: of each the last one that is not after it, with another one of the same sequence after it; null where there is none.</summary>
    /// <param name="addresses">The addresses, in ascending order.</param>
    /// <param name="budget">What it counts against.</param>
    public DwarfRow?[] Find(ReadOnlySpan<ulong> addresses, DwarfBudget budget)
    {
        var (found, missing) = (new DwarfRow?[addresses.Length], addresses.Length);
        var header = Header;
        var reader = _sections.Read(_sections.Lines, _offset, budget);
        reader.UnitEnd();
        reader.Seek((ulong)header.ProgramStart);
        var row = DwarfRow.First;
        DwarfRow? previous = null;
        while (reader.Position < header.End && missing > 0)
        {
            var opcode = reader.U8();
            var ends = false;
            if (opcode >= header.OpcodeBase)
            {
                var advance = opcode - header.OpcodeBase;
                row = header.Advance(row, (ulong)(advance / header.LineRange)) with { };
                row.Line += header.LineBase + (advance % header.LineRange);
            }
            else if (!Execute(ref reader, header, opcode, ref row, out ends))
            {
                continue;
            }

            // A row has just been completed.
            missing -= Assign(previous, row, addresses, found, budget);
            previous = ends ? null : row;
            row = ends ? DwarfRow.First : row;
        }

        return found;
    }

    // Gives a row to the addresses between it and the next, and says to how many. What begins at 0 is code that the linker took away.
    private static int Assign(DwarfRow? previous, in DwarfRow next, ReadOnlySpan<ulong> addresses, DwarfRow?[] found, DwarfBudget budget)
    {
        if (previous is not { Address: not 0 } row || row.Address >= next.Address)
        {
            return 0;
        }

        var assigned = 0;
        for (var i = addresses.FirstFrom(row.Address); i < addresses.Length && addresses[i] < next.Address; i++)
        {
            budget.Step();
            if (found[i] is null)
            {
                found[i] = row;
                assigned++;
            }
        }

        return assigned;
    }

    // True when a row is complete.
    private static bool Execute(ref DwarfReader reader, in DwarfLineHeader header, byte opcode, ref DwarfRow row, out bool ends)
    {
        ends = false;
        switch (opcode)
        {
            case 0: return ExecuteExtended(ref reader, ref row, out ends);
            case 1: return true;                                                                // copy
            case 2: row = header.Advance(row, reader.Uleb()); return false;                     // advance_pc
            case 3: row.Line += reader.Sleb(); return false;                                    // advance_line
            case 4: row.File = reader.Uleb(); return false;                                     // set_file
            case 5: row.Column = reader.Uleb(); return false;                                   // set_column
            case 8: row = header.Advance(row, (ulong)((255 - header.OpcodeBase) / header.LineRange)); return false; // const_add_pc
            case 9: row.Address += reader.U16(); return false;                                  // fixed_advance_pc
            case 6 or 7 or 10 or 11: return false;                                              // statements, blocks, prologues
            case 12: reader.Uleb(); return false;                                               // set_isa
        }

        for (var i = 0; i < header.OperandsOf(ref reader, opcode); i++)
        {
            reader.Uleb();
        }

        return false;
    }

    private static bool ExecuteExtended(ref DwarfReader reader, ref DwarfRow row, out bool ends)
    {
        ends = false;
        var length = reader.Uleb();
        var start = (ulong)reader.Position;
        if (length == 0)
        {
            return false;
        }

        switch (reader.U8())
        {
            case 1: ends = true; break;                                                         // end_sequence
            case 2: row.Address = reader.Number((int)Math.Min(length - 1, sizeof(ulong) + 1)); break; // set_address
        }

        reader.Seek(start + length);
        return ends;
    }
}
