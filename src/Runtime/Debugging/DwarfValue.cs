namespace HostService.Runtime.Debugging;

/// <summary>The value of an attribute, as it is written; <see cref="DwarfUnit"/> resolves what is an index or an offset.</summary>
/// <param name="Form">How it is written; <see cref="DwarfForm.Indirect"/> is resolved already. 0 when there is no value.</param>
/// <param name="Number">The number, the offset or the index; for a text in place, where it is in its section.</param>
internal readonly record struct DwarfValue(DwarfForm Form, ulong Number)
{
    /// <summary>Whether there is one.</summary>
    public bool Exists => Form != 0;

    /// <summary>Whether it is an address, rather than a length that counts from one.</summary>
    public bool IsAddress => Form is DwarfForm.Address or DwarfForm.AddressIndex or (>= DwarfForm.AddressIndex1 and <= DwarfForm.AddressIndex4);

    /// <summary>Whether <see cref="Number"/> counts from the start of its unit.</summary>
    public bool IsUnitReference => Form is >= DwarfForm.Reference1 and <= DwarfForm.ReferenceUnsigned;

    /// <summary>A number that is small enough for a line, a column or a file; else null.</summary>
    public int? Small => Exists && Number is > 0 and <= int.MaxValue ? (int)Number : null;

    /// <summary>Reads a value.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="form">How it is written.</param>
    /// <param name="implicitConstant">The value that an abbreviation holds.</param>
    /// <param name="addressBytes">How long addresses are.</param>
    /// <param name="version">Of the unit: references to other units were as long as addresses in version 2.</param>
    public static DwarfValue Read(ref DwarfReader reader, DwarfForm form, long implicitConstant, int addressBytes, int version)
    {
        if (form == DwarfForm.Indirect)
        {
            form = (DwarfForm)reader.Uleb();
        }

        return new DwarfValue(form, ReadNumber(ref reader, form, implicitConstant, addressBytes, version));
    }

    private static ulong ReadNumber(ref DwarfReader reader, DwarfForm form, long implicitConstant, int addressBytes, int version)
    {
        switch (form)
        {
            case DwarfForm.Address: return reader.Number(addressBytes);

            case DwarfForm.Data1 or DwarfForm.Flag or DwarfForm.Reference1 or DwarfForm.StringIndex1 or DwarfForm.AddressIndex1: return reader.U8();
            case DwarfForm.Data2 or DwarfForm.Reference2 or DwarfForm.StringIndex2 or DwarfForm.AddressIndex2: return reader.U16();
            case DwarfForm.StringIndex3 or DwarfForm.AddressIndex3: return reader.Number(3);
            case DwarfForm.Data4 or DwarfForm.Reference4 or DwarfForm.ReferenceSupplementary4 or DwarfForm.StringIndex4 or DwarfForm.AddressIndex4: return reader.U32();
            case DwarfForm.Data8 or DwarfForm.Reference8 or DwarfForm.ReferenceSignature or DwarfForm.ReferenceSupplementary8: return reader.U64();

            case DwarfForm.SignedData: return (ulong)reader.Sleb();
            case DwarfForm.UnsignedData or DwarfForm.ReferenceUnsigned or DwarfForm.StringIndex or DwarfForm.AddressIndex
                or DwarfForm.LocationListIndex or DwarfForm.RangeListIndex:
                return reader.Uleb();

            case DwarfForm.StringPointer or DwarfForm.LineStringPointer or DwarfForm.StringPointerSupplementary or DwarfForm.SectionOffset: return reader.Offset();
            case DwarfForm.ReferenceAddress: return version <= 2 ? reader.Number(addressBytes) : reader.Offset();
            case DwarfForm.FlagPresent: return NoBytes(ref reader, 1);
            case DwarfForm.ImplicitConstant: return NoBytes(ref reader, (ulong)implicitConstant);

            case DwarfForm.String:
                var text = reader.Position;
                reader.SkipText();
                return (ulong)text;

            case DwarfForm.Block1: return SkipBlock(ref reader, reader.U8());
            case DwarfForm.Block2: return SkipBlock(ref reader, reader.U16());
            case DwarfForm.Block4: return SkipBlock(ref reader, reader.U32());
            case DwarfForm.Block or DwarfForm.Expression: return SkipBlock(ref reader, reader.Uleb());
            case DwarfForm.Data16: return SkipBlock(ref reader, 16);

            default: throw new DwarfException($"There is no form 0x{(uint)form:x}.");
        }
    }

    // An entry may have as many of these as its abbreviation is long, and still be one byte, so each is a step.
    private static ulong NoBytes(ref DwarfReader reader, ulong value)
    {
        reader.Skip(0);
        return value;
    }

    private static ulong SkipBlock(ref DwarfReader reader, ulong length)
    {
        reader.Skip(length);
        return length;
    }
}
