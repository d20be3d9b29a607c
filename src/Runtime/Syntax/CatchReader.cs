namespace HostService.Runtime.Syntax;

/// <summary>What a catch clause of <c>try_table</c> takes and gives. The values are those of the binary format.</summary>
internal enum CatchKind : byte
{
    /// <summary>Exceptions of one tag; the payload is passed on.</summary>
    Catch = 0,

    /// <summary>Exceptions of one tag; the payload and then the exception reference are passed on.</summary>
    CatchRef = 1,

    /// <summary>Any exception; nothing is passed on.</summary>
    CatchAll = 2,

    /// <summary>Any exception; the exception reference is passed on.</summary>
    CatchAllRef = 3,
}

/// <summary>One catch clause of <c>try_table</c>.</summary>
/// <param name="Kind">What it takes and gives.</param>
/// <param name="Tag">The tag, or −1 when it takes any exception.</param>
/// <param name="Label">Where it branches, counted from outside the <c>try_table</c>.</param>
internal readonly record struct CatchClause(CatchKind Kind, int Tag, int Label);

/// <summary>Reads the catch clauses of a <c>try_table</c> again. The instruction reader has checked their form.</summary>
internal ref struct CatchReader
{
    private WasmReader _reader;
    private int _left;

    /// <summary>Reads the clauses of <paramref name="instruction"/>, which came from <paramref name="binary"/>.</summary>
    public CatchReader(ReadOnlySpan<byte> binary, in Instruction instruction)
    {
        _reader = new WasmReader(binary, instruction.ListOffset, instruction.EndOffset);
        _left = instruction.ListCount;
    }

    /// <summary>Reads the next clause, or says that there is none.</summary>
    public bool Read(out CatchClause clause)
    {
        if (_left == 0)
        {
            clause = default;
            return false;
        }

        _left--;
        clause = ReadClause(ref _reader);
        return true;
    }

    internal static CatchClause ReadClause(ref WasmReader reader)
    {
        var start = reader.Position;
        var kind = (CatchKind)reader.ReadByte();
        if (kind > CatchKind.CatchAllRef)
        {
            WasmReader.ThrowMalformed("malformed catch clause", start);
        }

        var tag = kind is CatchKind.Catch or CatchKind.CatchRef ? reader.ReadIndex() : -1;
        return new CatchClause(kind, tag, reader.ReadIndex());
    }
}
