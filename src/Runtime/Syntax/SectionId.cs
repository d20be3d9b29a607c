namespace HostService.Runtime.Syntax;

/// <summary>The sections of a module, by the byte that begins each.</summary>
/// <remarks><see href="https://webassembly.github.io/spec/core/binary/modules.html#sections">Spec: sections</see></remarks>
internal enum SectionId : byte
{
    /// <summary>Anything; has a name of its own.</summary>
    Custom = 0,

    /// <summary>Defined types.</summary>
    Type = 1,

    /// <summary>Imports.</summary>
    Import = 2,

    /// <summary>The type of each function.</summary>
    Function = 3,

    /// <summary>Tables.</summary>
    Table = 4,

    /// <summary>Memories.</summary>
    Memory = 5,

    /// <summary>Globals.</summary>
    Global = 6,

    /// <summary>Exports.</summary>
    Export = 7,

    /// <summary>The start function.</summary>
    Start = 8,

    /// <summary>Element segments.</summary>
    Element = 9,

    /// <summary>The body of each function.</summary>
    Code = 10,

    /// <summary>Data segments.</summary>
    Data = 11,

    /// <summary>How many data segments there will be.</summary>
    DataCount = 12,

    /// <summary>Exception tags.</summary>
    Tag = 13,
}
