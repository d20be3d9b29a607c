namespace HostService.Runtime.Syntax;

/// <summary>A module as its binary says it: decoded, not yet validated. Types are relative to the module (<see cref="HeapKind.Index"/>).</summary>
/// <remarks>
/// Written by the decoder, section by section, and by nobody else after it. Function bodies, constant expressions, data and custom sections stay ranges of
/// <see cref="Binary"/>, so that a module costs little more than its bytes.
/// <see href="https://webassembly.github.io/spec/core/syntax/modules.html">Spec: modules</see>
/// </remarks>
internal sealed class ModuleSyntax
{
    /// <summary>The whole binary.</summary>
    public required ReadOnlyMemory<byte> Binary { get; init; }

    /// <summary>The features outside version 3.0 that the module may use.</summary>
    public required WasmFeatures Features { get; init; }

    /// <summary>The defined types, by type index.</summary>
    public DefinedType[] Types { get; set; } = [];

    /// <summary>The recursive groups of <see cref="Types"/>, in order and without gaps.</summary>
    public RecGroup[] RecGroups { get; set; } = [];

    /// <summary>The imports, in order.</summary>
    public ImportSyntax[] Imports { get; set; } = [];

    /// <summary>The type index of each function, imported ones first.</summary>
    public int[] FunctionTypes { get; set; } = [];

    /// <summary>How many of <see cref="FunctionTypes"/> are imported.</summary>
    public int ImportedFunctionCount { get; set; }

    /// <summary>The tables, imported ones first.</summary>
    public TableSyntax[] Tables { get; set; } = [];

    /// <summary>How many of <see cref="Tables"/> are imported.</summary>
    public int ImportedTableCount { get; set; }

    /// <summary>The memories, imported ones first.</summary>
    public MemoryType[] Memories { get; set; } = [];

    /// <summary>How many of <see cref="Memories"/> are imported.</summary>
    public int ImportedMemoryCount { get; set; }

    /// <summary>The globals, imported ones first.</summary>
    public GlobalSyntax[] Globals { get; set; } = [];

    /// <summary>How many of <see cref="Globals"/> are imported.</summary>
    public int ImportedGlobalCount { get; set; }

    /// <summary>The type index of each tag, imported ones first.</summary>
    public int[] TagTypes { get; set; } = [];

    /// <summary>How many of <see cref="TagTypes"/> are imported.</summary>
    public int ImportedTagCount { get; set; }

    /// <summary>The exports, in order.</summary>
    public ExportSyntax[] Exports { get; set; } = [];

    /// <summary>The function that instantiation calls last, or null.</summary>
    public FuncIndex? Start { get; set; }

    /// <summary>The element segments.</summary>
    public ElementSegment[] ElementSegments { get; set; } = [];

    /// <summary>What the data count section says, or null when there is none.</summary>
    public int? DataCount { get; set; }

    /// <summary>The data segments.</summary>
    public DataSegment[] DataSegments { get; set; } = [];

    /// <summary>The bodies of the functions that are not imported: the first one's function index is <see cref="ImportedFunctionCount"/>.</summary>
    public CodeBody[] Bodies { get; set; } = [];

    /// <summary>Where the contents of the code section begin, in bytes from the start of the binary; 0 when there is none.</summary>
    public int CodeSectionOffset { get; set; }

    /// <summary>The length of the contents of the code section in bytes.</summary>
    public int CodeSectionLength { get; set; }

    /// <summary>The custom sections, in order.</summary>
    public List<CustomSection> CustomSections { get; } = [];

    /// <summary>Where the contents of each section begin, by <see cref="SectionId"/>; 0 for absent ones. For messages.</summary>
    public int[] SectionOffsets { get; } = new int[(int)SectionId.Tag + 1];

    /// <summary>How many functions there are, imported ones included.</summary>
    public int FunctionCount => FunctionTypes.Length;

    /// <summary>The body of a function that is not imported.</summary>
    public CodeBody Body(FuncIndex function) => Bodies[function.Value - ImportedFunctionCount];

    /// <summary>The function type with this type index, or null when that type is a structure or an array. The index must exist.</summary>
    public FuncType? FuncTypeAt(TypeIndex type) => (Types[type.Value].Composite as FuncComposite)?.Type;

    /// <summary>The type of a function of a valid module.</summary>
    public FuncType FuncTypeOf(FuncIndex function) => ((FuncComposite)Types[FunctionTypes[function.Value]].Composite).Type;

    /// <summary>The type of a tag of a valid module.</summary>
    public FuncType TagTypeOf(TagIndex tag) => ((FuncComposite)Types[TagTypes[tag.Value]].Composite).Type;
}
