namespace HostService.Runtime.Debugging;

/// <summary>Kinds of entries; those that matter here. DWARF 5, 7.5.3.</summary>
internal enum DwarfTag : uint
{
    CompileUnit = 0x11,
    InlinedSubroutine = 0x1D,
    Subprogram = 0x2E,
}

/// <summary>Attributes of entries; those that matter here. DWARF 5, 7.5.4.</summary>
internal enum DwarfAttribute : uint
{
    Name = 0x03,
    StatementList = 0x10,
    LowPc = 0x11,
    HighPc = 0x12,
    CompilationDirectory = 0x1B,
    AbstractOrigin = 0x31,
    Specification = 0x47,
    Ranges = 0x55,
    CallColumn = 0x57,
    CallFile = 0x58,
    CallLine = 0x59,
    LinkageName = 0x6E,
    StringOffsetsBase = 0x72,
    AddressBase = 0x73,
    RangeListsBase = 0x74,
}

/// <summary>How a value is written. DWARF 5, 7.5.6.</summary>
internal enum DwarfForm : uint
{
    Address = 0x01,
    Block2 = 0x03,
    Block4 = 0x04,
    Data2 = 0x05,
    Data4 = 0x06,
    Data8 = 0x07,
    String = 0x08,
    Block = 0x09,
    Block1 = 0x0A,
    Data1 = 0x0B,
    Flag = 0x0C,
    SignedData = 0x0D,
    StringPointer = 0x0E,
    UnsignedData = 0x0F,
    ReferenceAddress = 0x10,
    Reference1 = 0x11,
    Reference2 = 0x12,
    Reference4 = 0x13,
    Reference8 = 0x14,
    ReferenceUnsigned = 0x15,
    Indirect = 0x16,
    SectionOffset = 0x17,
    Expression = 0x18,
    FlagPresent = 0x19,
    StringIndex = 0x1A,
    AddressIndex = 0x1B,
    ReferenceSupplementary4 = 0x1C,
    StringPointerSupplementary = 0x1D,
    Data16 = 0x1E,
    LineStringPointer = 0x1F,
    ReferenceSignature = 0x20,
    ImplicitConstant = 0x21,
    LocationListIndex = 0x22,
    RangeListIndex = 0x23,
    ReferenceSupplementary8 = 0x24,
    StringIndex1 = 0x25,
    StringIndex2 = 0x26,
    StringIndex3 = 0x27,
    StringIndex4 = 0x28,
    AddressIndex1 = 0x29,
    AddressIndex2 = 0x2A,
    AddressIndex3 = 0x2B,
    AddressIndex4 = 0x2C,
}
