namespace HostService.Runtime.Types;

/// <summary>The type of an import or export: exactly one of the five members is set, as <see cref="Kind"/> says.</summary>
/// <remarks>Immutable and thread-safe. <see href="https://webassembly.github.io/spec/core/syntax/types.html#external-types">Spec: external types</see></remarks>
public sealed record ExternType
{
    private ExternType(ExternKind kind) => Kind = kind;

    /// <summary>Which of the five it is.</summary>
    public ExternKind Kind { get; }

    /// <summary>The function type, or null when <see cref="Kind"/> is another.</summary>
    public FuncType? Func { get; private init; }

    /// <summary>The table type, or null when <see cref="Kind"/> is another.</summary>
    public TableType? Table { get; private init; }

    /// <summary>The memory type, or null when <see cref="Kind"/> is another.</summary>
    public MemoryType? Memory { get; private init; }

    /// <summary>The global type, or null when <see cref="Kind"/> is another.</summary>
    public GlobalType? Global { get; private init; }

    /// <summary>The tag type, or null when <see cref="Kind"/> is another.</summary>
    public TagType? Tag { get; private init; }

    /// <summary>The external type of a function.</summary>
    public static ExternType From(FuncType type) => new(ExternKind.Func) { Func = type };

    /// <summary>The external type of a table.</summary>
    public static ExternType From(TableType type) => new(ExternKind.Table) { Table = type };

    /// <summary>The external type of a memory.</summary>
    public static ExternType From(MemoryType type) => new(ExternKind.Memory) { Memory = type };

    /// <summary>The external type of a global.</summary>
    public static ExternType From(GlobalType type) => new(ExternKind.Global) { Global = type };

    /// <summary>The external type of a tag.</summary>
    public static ExternType From(TagType type) => new(ExternKind.Tag) { Tag = type };

    /// <summary>The text format's form of the one type it holds.</summary>
    public override string ToString() => Kind switch
    {
        ExternKind.Func => Func!.ToString(),
        ExternKind.Table => Table!.ToString(),
        ExternKind.Memory => Memory!.ToString(),
        ExternKind.Global => Global!.ToString(),
        _ => Tag!.ToString(),
    };
}
