namespace HostService.Runtime.Debugging;

/// <summary>The shapes of the entries of a unit, by code. DWARF 5, 7.5.3.</summary>
internal sealed class DwarfAbbreviations
{
    private readonly Dictionary<ulong, Abbreviation> _byCode = [];

    private DwarfAbbreviations()
    {
    }

    /// <summary>Reads a table.</summary>
    /// <param name="reader">At its start.</param>
    public static DwarfAbbreviations Read(ref DwarfReader reader)
    {
        var table = new DwarfAbbreviations();
        while (reader.Uleb() is var code and not 0)
        {
            var (tag, hasChildren) = ((DwarfTag)reader.Uleb(), reader.U8() != 0);
            var attributes = new List<AttributeShape>();
            while (ReadShape(ref reader) is { Form: not 0 } shape)
            {
                attributes.Add(shape);
            }

            table._byCode.TryAdd(code, new Abbreviation(tag, hasChildren, [.. attributes]));
        }

        return table;
    }

    /// <summary>The shape with a code.</summary>
    /// <exception cref="DwarfException">There is none.</exception>
    public Abbreviation this[ulong code] =>
        _byCode.TryGetValue(code, out var found) ? found : throw new DwarfException($"There is no abbreviation {code}.");

    private static AttributeShape ReadShape(ref DwarfReader reader)
    {
        var (attribute, form) = ((DwarfAttribute)reader.Uleb(), (DwarfForm)reader.Uleb());
        return new AttributeShape(attribute, form, form == DwarfForm.ImplicitConstant ? reader.Sleb() : 0);
    }
}

/// <summary>The shape of an entry.</summary>
internal sealed record Abbreviation(DwarfTag Tag, bool HasChildren, AttributeShape[] Attributes);

/// <summary>An attribute and how its value is written.</summary>
internal readonly record struct AttributeShape(DwarfAttribute Attribute, DwarfForm Form, long Constant);
