using HostService.Runtime.Syntax;

namespace HostService.Runtime.Debugging;

/// <summary>Where a module's debugging information is. Immutable.</summary>
internal sealed class DwarfSections
{
    private readonly ModuleSyntax _module;

    /// <summary>Finds a module's sections and reads nothing of them.</summary>
    public DwarfSections(ModuleSyntax module)
    {
        _module = module;
        Info = Find(".debug_info");
        Abbreviations = Find(".debug_abbrev");
        Lines = Find(".debug_line");
        Strings = Find(".debug_str");
        LineStrings = Find(".debug_line_str");
        StringOffsets = Find(".debug_str_offsets");
        Addresses = Find(".debug_addr");
        Ranges = Find(".debug_ranges");
        RangeLists = Find(".debug_rnglists");
    }

    public Range Info { get; }

    public Range Abbreviations { get; }

    public Range Lines { get; }

    public Range Strings { get; }

    public Range LineStrings { get; }

    public Range StringOffsets { get; }

    public Range Addresses { get; }

    public Range Ranges { get; }

    public Range RangeLists { get; }

    /// <summary>Whether there is anything to look up.</summary>
    public bool Exist => !Info.Equals(default) && !Abbreviations.Equals(default) && !Lines.Equals(default);

    /// <summary>A reader at a place of a section; of an empty one when the module has none.</summary>
    public DwarfReader Read(Range section, ulong offset, DwarfBudget budget)
    {
        var reader = new DwarfReader(_module.Binary.Span[section], budget);
        reader.Seek(offset);
        return reader;
    }

    private Range Find(string name) =>
        _module.CustomSections.Find(section => section.Name == name) is { Length: > 0 } found ? found.Offset..(found.Offset + found.Length) : default;
}
