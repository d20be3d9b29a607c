namespace HostService.Runtime.Syntax;

// One type for each index space of a module, so that none is mistaken for another. Imports come first in each space.
// https://webassembly.github.io/spec/core/syntax/modules.html#indices

/// <summary>An index into the types of a module.</summary>
internal readonly record struct TypeIndex(int Value);

/// <summary>An index into the functions of a module, imported ones first.</summary>
internal readonly record struct FuncIndex(int Value);

/// <summary>An index into the tables of a module, imported ones first.</summary>
internal readonly record struct TableIndex(int Value);

/// <summary>An index into the memories of a module, imported ones first.</summary>
internal readonly record struct MemoryIndex(int Value);

/// <summary>An index into the globals of a module, imported ones first.</summary>
internal readonly record struct GlobalIndex(int Value);

/// <summary>An index into the tags of a module, imported ones first.</summary>
internal readonly record struct TagIndex(int Value);

/// <summary>An index into the element segments of a module.</summary>
internal readonly record struct ElementIndex(int Value);

/// <summary>An index into the data segments of a module.</summary>
internal readonly record struct DataIndex(int Value);

/// <summary>An index into the locals of a function, parameters first.</summary>
internal readonly record struct LocalIndex(int Value);

/// <summary>A label: 0 is the innermost enclosing block.</summary>
internal readonly record struct LabelIndex(int Value);
