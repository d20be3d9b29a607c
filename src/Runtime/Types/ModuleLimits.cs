namespace HostService.Runtime.Types;

/// <summary>How large a module may be in each respect. A module beyond a limit is refused before anything is allocated for it.</summary>
/// <remarks>
/// The defaults are those that the JavaScript API asks of every engine, so that what runs in a browser runs here, except where a member says otherwise.
/// Immutable and thread-safe. <see href="https://webassembly.github.io/spec/js-api/index.html#limits">JavaScript API: implementation-defined limits</see>
/// </remarks>
public sealed record ModuleLimits
{
    /// <summary>The limits that are used where none are given.</summary>
    public static ModuleLimits Default { get; } = new();

    /// <summary>The most bytes of the binary. Default 1 GiB; positions are 32-bit.</summary>
    public int MaxModuleBytes { get; init; } = 1 << 30;

    /// <summary>The most defined types. Default 1,000,000.</summary>
    public int MaxTypes { get; init; } = 1_000_000;

    /// <summary>The most recursive groups. Default 1,000,000.</summary>
    public int MaxRecGroups { get; init; } = 1_000_000;

    /// <summary>How deep a type may be below the root of its declared supertypes. Default 63.</summary>
    public int MaxSubtypingDepth { get; init; } = 63;

    /// <summary>The most functions, imported ones included. Default 1,000,000.</summary>
    // pandoc, compiled from Haskell, has 619,906.
    public int MaxFunctions { get; init; } = 1_000_000;

    /// <summary>The most imports. Default 1,000,000.</summary>
    public int MaxImports { get; init; } = 1_000_000;

    /// <summary>The most exports. Default 1,000,000.</summary>
    public int MaxExports { get; init; } = 1_000_000;

    /// <summary>The most globals, imported ones included. Default 1,000,000.</summary>
    public int MaxGlobals { get; init; } = 1_000_000;

    /// <summary>The most tags, imported ones included. Default 1,000,000.</summary>
    public int MaxTags { get; init; } = 1_000_000;

    /// <summary>The most tables, imported ones included. Default 100,000.</summary>
    public int MaxTables { get; init; } = 100_000;

    /// <summary>The most memories, imported ones included. Default 100.</summary>
    // The JavaScript API says 100; each memory reserves address space.
    public int MaxMemories { get; init; } = 100;

    /// <summary>The most element segments. Default 10,000,000.</summary>
    public int MaxElementSegments { get; init; } = 10_000_000;

    /// <summary>The most elements of one segment. Default 10,000,000.</summary>
    public int MaxElementsPerSegment { get; init; } = 10_000_000;

    /// <summary>The most data segments. Default 100,000.</summary>
    // esbuild, compiled from Go, has exactly 100,000: its linker knows this limit.
    public int MaxDataSegments { get; init; } = 100_000;

    /// <summary>The most parameters of a function type. Default 1,000.</summary>
    public int MaxParameters { get; init; } = 1_000;

    /// <summary>The most results of a function type or block. Default 1,000.</summary>
    public int MaxResults { get; init; } = 1_000;

    /// <summary>The most fields of a structure type. Default 10,000.</summary>
    public int MaxFields { get; init; } = 10_000;

    /// <summary>The most bytes of one function's body. Default 7,654,321.</summary>
    public int MaxFunctionBytes { get; init; } = 7_654_321;

    /// <summary>The most locals of one function, parameters included. Default 50,000.</summary>
    public int MaxLocals { get; init; } = 50_000;

    /// <summary>The most labels of one <c>br_table</c>, the default one not counted. Default 65,520.</summary>
    // What V8 takes; each label is a branch that a compiler has to keep.
    public int MaxBranchTableLabels { get; init; } = 65_520;

    /// <summary>The most bytes of a name of an import, an export or a section. Default 100,000.</summary>
    public int MaxNameBytes { get; init; } = 100_000;
}
