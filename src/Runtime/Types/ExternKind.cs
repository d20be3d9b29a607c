namespace HostService.Runtime.Types;

/// <summary>What an import or export is.</summary>
/// <remarks>The values are those of the binary format. <see href="https://webassembly.github.io/spec/core/syntax/types.html#external-types">Spec: external types</see></remarks>
public enum ExternKind : byte
{
    /// <summary>A function.</summary>
    Func = 0,

    /// <summary>A table of references.</summary>
    Table = 1,

    /// <summary>A linear memory.</summary>
    Memory = 2,

    /// <summary>A global variable.</summary>
    Global = 3,

    /// <summary>An exception tag.</summary>
    Tag = 4,
}
