namespace HostService.Runtime.Debugging;

/// <summary>One compilation unit: its header and what its root entry says. DWARF 5, 7.5.1 and 3.1.1.</summary>
internal sealed class DwarfUnit
{
    private const int MinVersion = 2;
    private const int MaxVersion = 5;
    private const byte CompileUnitType = 1;

    private readonly DwarfSections _sections;
    private ulong _stringOffsetsBase;
    private ulong _addressBase;
    private ulong _rangeListsBase;
    private DwarfValue _compilationDirectory;
    private DwarfValue _name;
    private DwarfValue _lineProgram;
    private ulong _abbreviations;

    private DwarfUnit(DwarfSections sections) => _sections = sections;

    /// <summary>Where it begins in its section; references within it count from here.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    public int End { get; private set; }

    /// <summary>Where its root entry begins.</summary>
    public int RootEntry { get; private set; }

    /// <summary>The version of the format, 2 to 5.</summary>
    public int Version { get; private set; }

    /// <summary>How long addresses are.</summary>
    public int AddressBytes { get; private set; }

    /// <summary>Whether offsets take eight bytes.</summary>
    public bool Is64 { get; private set; }

    /// <summary>The addresses that it covers.</summary>
    public DwarfExtent Extent { get; private set; }

    /// <summary>Where its line program is; null when it has none.</summary>
    public ulong? LineProgram => _lineProgram.Exists ? _lineProgram.Number : null;

    /// <summary>Reads the unit that a reader is at, and goes behind it.</summary>
    /// <returns>Null when it is broken, of a kind that has no code, or of an unknown version.</returns>
    /// <exception cref="DwarfException">It has no end, so that nobody knows where the next one begins; or it took too long.</exception>
    public static DwarfUnit? Read(DwarfSections sections, ref DwarfReader reader, DwarfBudget budget)
    {
        var start = reader.Position;
        var end = reader.UnitEnd();
        var unit = new DwarfUnit(sections) { Start = start, End = end, Is64 = reader.Is64 };
        var known = false;
        try
        {
            unit.Version = reader.U16();
            known = unit.Version is >= MinVersion and <= MaxVersion && unit.ReadHeader(ref reader, budget);
            if (known)
            {
                unit.ReadRoot(ref reader, budget);
            }
        }
        catch (DwarfException) when (!budget.IsSpent)
        {
            budget.StepOverBroken();
            known = false;
        }

        reader.Seek((ulong)end);
        return known ? unit : null;
    }

    /// <summary>A reader at a place of the section that units are in, which reads as this unit is written.</summary>
    public DwarfReader ReadEntries(ulong offset, DwarfBudget budget)
    {
        var reader = _sections.Read(_sections.Info, offset, budget);
        reader.Is64 = Is64;
        return reader;
    }

    /// <summary>Reads the shapes of its entries. Not kept: the tables of all units together may be much larger than the module.</summary>
    public DwarfAbbreviations ReadAbbreviations(DwarfBudget budget)
    {
        var table = _sections.Read(_sections.Abbreviations, _abbreviations, budget);
        return DwarfAbbreviations.Read(ref table);
    }

    /// <summary>Reads the value of an attribute.</summary>
    public DwarfValue ReadValue(ref DwarfReader reader, in AttributeShape shape) =>
        DwarfValue.Read(ref reader, shape.Form, shape.Constant, AddressBytes, Version);

    /// <summary>The directory that relative paths start from; empty when it is not said.</summary>
    public string CompilationDirectory(DwarfBudget budget) => Text(_compilationDirectory, budget) ?? "";

    /// <summary>The name of its source file, or null.</summary>
    public string? Name(DwarfBudget budget) => Text(_name, budget);

    /// <summary>The text that a value stands for, or null.</summary>
    public string? Text(in DwarfValue value, DwarfBudget budget)
    {
        switch (value.Form)
        {
            case DwarfForm.String: return _sections.Read(_sections.Info, value.Number, budget).Text();
            case DwarfForm.StringPointer: return _sections.Read(_sections.Strings, value.Number, budget).Text();
            case DwarfForm.LineStringPointer: return _sections.Read(_sections.LineStrings, value.Number, budget).Text();
            case DwarfForm.StringIndex or (>= DwarfForm.StringIndex1 and <= DwarfForm.StringIndex4):
                var offsets = _sections.Read(_sections.StringOffsets, Entry(_stringOffsetsBase, value.Number, Is64 ? 8 : 4), budget);
                offsets.Is64 = Is64;
                return _sections.Read(_sections.Strings, offsets.Offset(), budget).Text();
            default: return null;
        }
    }

    /// <summary>The address that a value stands for.</summary>
    public ulong Address(in DwarfValue value, DwarfBudget budget) => value.Form == DwarfForm.Address ? value.Number : AddressAt(value.Number, budget);

    /// <summary>The address with an index.</summary>
    public ulong AddressAt(ulong index, DwarfBudget budget) =>
        _sections.Read(_sections.Addresses, Entry(_addressBase, index, AddressBytes), budget).Number(AddressBytes);

    /// <summary>A reader at the list of ranges that a value stands for.</summary>
    public DwarfReader ReadRanges(in DwarfValue value, DwarfBudget budget)
    {
        if (value.Form != DwarfForm.RangeListIndex)
        {
            return _sections.Read(Version >= MaxVersion ? _sections.RangeLists : _sections.Ranges, value.Number, budget);
        }

        var offsets = _sections.Read(_sections.RangeLists, Entry(_rangeListsBase, value.Number, Is64 ? 8 : 4), budget);
        offsets.Is64 = Is64;
        return _sections.Read(_sections.RangeLists, _rangeListsBase + offsets.Offset(), budget);
    }

    // Overflow would lead to another entry of the same section: wrong, and harmless.
    private static ulong Entry(ulong start, ulong index, int bytes) => start + (index * (ulong)bytes);

    private bool ReadHeader(ref DwarfReader reader, DwarfBudget budget)
    {
        var type = CompileUnitType;
        if (Version >= MaxVersion)
        {
            type = reader.U8();
            AddressBytes = reader.U8();
            _abbreviations = reader.Offset();
        }
        else
        {
            _abbreviations = reader.Offset();
            AddressBytes = reader.U8();
        }

        if (type != CompileUnitType)
        {
            return false;
        }

        RootEntry = reader.Position;
        return true;
    }

    // Values wait until all are read: the bases that some need may come after them.
    private void ReadRoot(ref DwarfReader reader, DwarfBudget budget)
    {
        var code = reader.Uleb();
        var table = _sections.Read(_sections.Abbreviations, _abbreviations, budget);
        if (code == 0 || DwarfAbbreviations.ReadOnly(ref table, code) is not { Tag: DwarfTag.CompileUnit } shape)
        {
            return;
        }

        // Without an attribute, the entries begin behind the header of the first table.
        _stringOffsetsBase = Is64 ? 16UL : 8;
        var (low, high, ranges) = (default(DwarfValue), default(DwarfValue), default(DwarfValue));
        foreach (var attribute in shape.Attributes)
        {
            var value = ReadValue(ref reader, attribute);
            switch (attribute.Attribute)
            {
                case DwarfAttribute.Name: _name = value; break;
                case DwarfAttribute.CompilationDirectory: _compilationDirectory = value; break;
                case DwarfAttribute.StatementList: _lineProgram = value; break;
                case DwarfAttribute.LowPc: low = value; break;
                case DwarfAttribute.HighPc: high = value; break;
                case DwarfAttribute.Ranges: ranges = value; break;
                case DwarfAttribute.StringOffsetsBase: _stringOffsetsBase = value.Number; break;
                case DwarfAttribute.AddressBase: _addressBase = value.Number; break;
                case DwarfAttribute.RangeListsBase: _rangeListsBase = value.Number; break;
            }
        }

        Extent = new DwarfExtent(low, high, ranges);
        LowAddress = low.Exists ? Address(low, budget) : 0;
    }

    /// <summary>What the offsets in lists of ranges count from.</summary>
    public ulong LowAddress { get; private set; }
}
