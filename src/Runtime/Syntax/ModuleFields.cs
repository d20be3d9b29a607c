namespace HostService.Runtime.Syntax;

// The parts of a module that are more than a type. https://webassembly.github.io/spec/core/syntax/modules.html

/// <summary>An import: its two names, and the entry that it makes in its index space.</summary>
/// <param name="Module">The first name.</param>
/// <param name="Name">The second name.</param>
/// <param name="Kind">Which index space it enters.</param>
/// <param name="Index">Its index there, where its type is.</param>
internal readonly record struct ImportSyntax(string Module, string Name, ExternKind Kind, int Index);

/// <summary>An export: a name for an entry of an index space.</summary>
internal readonly record struct ExportSyntax(string Name, ExternKind Kind, int Index);

/// <summary>A table. <paramref name="Init"/> is what its elements are at the start; null for imported tables and where it is the null reference.</summary>
internal readonly record struct TableSyntax(TableType Type, ConstExpr? Init);

/// <summary>A global. <paramref name="Init"/> is null for imported globals.</summary>
internal readonly record struct GlobalSyntax(GlobalType Type, ConstExpr? Init);

/// <summary>When a segment is copied.</summary>
internal enum SegmentMode : byte
{
    /// <summary>When the module is instantiated.</summary>
    Active,

    /// <summary>When an instruction says so.</summary>
    Passive,

    /// <summary>Never: the segment only declares functions that <c>ref.func</c> may name.</summary>
    Declarative,
}

/// <summary>An element segment.</summary>
/// <param name="Mode">When it is copied.</param>
/// <param name="Table">The table of an active segment.</param>
/// <param name="Offset">Where in the table an active segment goes.</param>
/// <param name="Type">The reference type of the elements.</param>
/// <param name="Functions">The elements as function indices, or null when they are expressions.</param>
/// <param name="Expressions">The elements as expressions, or null when they are function indices.</param>
internal readonly record struct ElementSegment(
    SegmentMode Mode, int Table, ConstExpr Offset, ValueType Type, int[]? Functions, ConstExpr[]? Expressions)
{
    /// <summary>How many elements it has.</summary>
    public int Count => Functions?.Length ?? Expressions?.Length ?? 0;
}

/// <summary>A data segment.</summary>
/// <param name="Mode">When it is copied; never <see cref="SegmentMode.Declarative"/>.</param>
/// <param name="Memory">The memory of an active segment.</param>
/// <param name="Offset">Where in the memory an active segment goes.</param>
/// <param name="DataOffset">Where its bytes begin, from the start of the binary.</param>
/// <param name="DataLength">How many bytes it has.</param>
internal readonly record struct DataSegment(SegmentMode Mode, int Memory, ConstExpr Offset, int DataOffset, int DataLength);

/// <summary>The body of a function: declarations of locals, then instructions.</summary>
/// <param name="Offset">Where the declarations begin, from the start of the binary.</param>
/// <param name="Length">The length of both in bytes.</param>
internal readonly record struct CodeBody(int Offset, int Length);

/// <summary>A custom section.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Where the bytes after the name begin, from the start of the binary.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct CustomSection(string Name, int Offset, int Length);
