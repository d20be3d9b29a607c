namespace HostService.Runtime.Debugging;

/// <summary>The shapes of the entries of a unit, by code. DWARF 5, 7.5.3.</summary>
internal sealed class DwarfAbbreviations
{
    // Entries and attributes of a table; compilers write some thousands.
    private const int MaxShapes = 250_000;

    private readonly Dictionary<ulong, Abbreviation> _byCode = [];

    private DwarfAbbreviations()
    {
    }

    /// <summary>Reads a table.</summary>
    /// <param name="reader">At its start.</param>
    public static DwarfAbbreviations Read(ref DwarfReader reader)
    {
        var (table, shapes) = (new DwarfAbbreviations(), 0);
        while (reader.Uleb() is var code and not 0)
        {
            var abbreviation = ReadOne(ref reader);
            table._byCode.TryAdd(code, abbreviation);
            if ((shapes += 1 + abbreviation.Attributes.Length) > MaxShapes)
            {
                throw new DwarfException("There are too many abbreviations.");
            }
        }

        return table;
    }

    /// <summary>Reads a table up to one code and keeps nothing else of it: of most units only the root is ever looked at.</summary>
    /// <param name="reader">At the table's start.</param>
    /// <param name="code">The code.</param>
    /// <exception cref="DwarfException">There is none.</exception>
    public static Abbreviation ReadOnly(ref DwarfReader reader, ulong code)
    {
        while (reader.Uleb() is var next and not 0)
        {
            var abbreviation = ReadOne(ref reader);
            if (next == code)
            {
                return abbreviation;
            }
        }

        throw NoAbbreviation(code);
    }

    /// <summary>The shape with a code.</summary>
    /// <exception cref="DwarfException">There is none.</exception>
    public Abbreviation this[ulong code] =>
        _byCode.TryGetValue(code, out var found) ? found : throw NoAbbreviation(code);

    private static DwarfException NoAbbreviation(ulong code) => new($"There is no abbreviation {code}.");

    private static Abbreviation ReadOne(ref DwarfReader reader)
    {
        var (tag, hasChildren) = ((DwarfTag)reader.Uleb(), reader.U8() != 0);
        var attributes = new List<AttributeShape>();
        while (ReadShape(ref reader) is { Form: not 0 } shape)
        {
            attributes.Add(shape);
            if (attributes.Count > MaxShapes)
            {
                throw new DwarfException("An abbreviation has too many attributes.");
            }
        }

        return new Abbreviation(tag, hasChildren, [.. attributes]);
    }

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
