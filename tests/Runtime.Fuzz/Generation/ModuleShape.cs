using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>A function type of a generated module; its index is its place in <see cref="ModuleShape.Types"/>.</summary>
internal sealed record FuncShape(ImmutableArray<ValType> Parameters, ImmutableArray<ValType> Results);

/// <summary>A memory of a generated module.</summary>
internal sealed record MemoryShape(bool Is64, uint MinimumPages, uint MaximumPages);

/// <summary>All of a generated module but its code: what functions may refer to.</summary>
/// <remarks>
/// Function 0 is the imported <c>host.observe</c>, of type 0. Global 0 is the fuel, an i32 that the embedder sets before each call; every function and every loop
/// takes of it, and without it loops end and functions return at once, so that every call ends. Only leaves take none: the first
/// <see cref="Leaves"/> functions after the import, which are small and call none but the leaves before them. The
/// table starts with the functions of <see cref="TableFunctions"/>; the rest of it is null.
/// Table 1 holds anyrefs, null at first. Both tables have indices of 64 bits when <see cref="HasTable64"/> says so.
/// <see cref="Heap"/> are the last types.
/// <see cref="Tags"/> are types without results; the type after each has their parameters as its results, for blocks that catch.
/// </remarks>
internal sealed record ModuleShape(
    ImmutableArray<FuncShape> Types,
    ImmutableArray<int> FunctionTypes,
    int Leaves,
    ImmutableArray<MemoryShape> Memories,
    ImmutableArray<ValType> Globals,
    int TableLength,
    ImmutableArray<int> TableFunctions,
    ImmutableArray<int> Tags,
    ImmutableArray<HeapShape> Heap,
    bool HasTable64,
    int DataSegments,
    int ElementSegments)
{
    public const int FuelGlobal = 0;

    public const int TableMaximum = 24;

    public bool IsLeaf(int function) => function > 0 && function <= Leaves;

    public FuncShape TypeOf(int function) => Types[FunctionTypes[function]];
}
