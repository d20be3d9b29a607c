using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>A function type of a generated module; its index is its place in <see cref="ModuleShape.Types"/>.</summary>
internal sealed record FuncShape(ImmutableArray<ValType> Parameters, ImmutableArray<ValType> Results)
{
    public bool HasNumbersOnly => Parameters.Concat(Results).All(type => type is ValType.I32 or ValType.I64 or ValType.F32 or ValType.F64);
}

/// <summary>A memory of a generated module.</summary>
/// <param name="Is64">Whether its addresses have 64 bits.</param>
/// <param name="HasSmallPages">Whether its pages have one byte instead of 64 KiB.</param>
/// <param name="MinimumPages">How many it has at first: 64 KiB at least.</param>
/// <param name="MaximumPages">How many it may get.</param>
/// <param name="IsShared">Whether threads may share it. It is not exported then, which Wasmtime's package for .NET can't read.</param>
internal sealed record MemoryShape(bool Is64, bool HasSmallPages, uint MinimumPages, uint MaximumPages, bool IsShared = false)
{
    /// <summary>How many pages make 64 KiB.</summary>
    public uint PageUnit => HasSmallPages ? 65536u : 1;
}

/// <summary>All of a generated module but its code: what functions may refer to.</summary>
/// <remarks>
/// The first <see cref="Imported"/> functions are of the host: <c>host.observe</c>, of type 0, and <c>host.again</c>, of type 1, which calls the function that is exported as <c>again</c>.
/// The last function is the one exported as <c>again</c>, the one before it the start function, if there is one. Global 0 is the fuel, an i32 that the embedder sets before each call; every function and every loop
/// takes of it, and without it loops end and functions return at once, so that every call ends. Only leaves take none: the first
/// <see cref="Leaves"/> functions after the imports, which are small and call none but the leaves before them. The
/// table starts with the functions of <see cref="TableFunctions"/>; the rest of it is null.
/// Table 1 holds anyrefs, null at first. Both tables have indices of 64 bits when <see cref="HasTable64"/> says so.
/// <see cref="Heap"/> are the last types. With <see cref="IsOneGroup"/> they are in one recursive group with all types after <see cref="FixedTypes"/>, and types of functions refer to them.
/// With <see cref="Link"/>, functions that another module exports follow those of the host, and what else is imported comes before what is the module's own.
/// <see cref="Plain"/> are the functions with nothing but numbers, which an interpreter may have, and call no others than those with numbers in their types.
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
    bool IsOneGroup,
    bool HasTable64,
    bool HasStart,
    int DataSegments,
    int ElementSegments)
{
    /// <summary>
    /// Whether exceptions have their first form, and nothing is there that an engine with that form may lack: one memory, one table, no typed references, structures or arrays, atomics,
    /// relaxed vectors or wide arithmetic.
    /// </summary>
    public bool IsLegacy { get; init; }

    /// <summary>What it imports from another generated module; null for nothing.</summary>
    public LinkShape? Link { get; init; }

    /// <summary>Its name, with which frames of traps name it; null for a module that stands alone.</summary>
    public string? Name { get; init; }

    public ImmutableHashSet<int> Plain { get; init; } = [];

    public const int FuelGlobal = 0;

    /// <summary>How much fuel there is while a start function runs, and before each call.</summary>
    public const int Fuel = 150;

    /// <summary>How many functions come from the host.</summary>
    public const int Imported = 2;

    /// <summary>The first function that the module defines.</summary>
    public int FirstDefined => Imported + (Link?.Functions.Length ?? 0);

    /// <summary>The types of <c>host.observe</c>; of <c>host.again</c>; of start functions; of <see cref="Digest"/>'s first function; of its second. The first defined function has the one after.</summary>
    public static ImmutableArray<FuncShape> FixedTypes { get; } =
    [
        new([ValType.I32, ValType.I64, ValType.F32, ValType.F64], [ValType.I64]), new([ValType.I32], [ValType.I64]), new([], []), new([ValType.AnyRef, ValType.I32], [ValType.I64]), new([], [ValType.I64]),
    ];

    public const int TypeOfAgain = 1;

    public const int TypeOfStart = 2;

    public const int TypeOfDescribe = 3;

    public const int TypeOfDigest = 4;

    public const int TableMaximum = 24;

    /// <summary>The functions that the module defines.</summary>
    public IEnumerable<int> Defined => Enumerable.Range(FirstDefined, FunctionTypes.Length - FirstDefined);

    /// <summary>The functions that generated modules define: this one, and the one that it imports from.</summary>
    public IEnumerable<int> Generated => Enumerable.Range(Imported, FunctionTypes.Length - Imported);

    public bool IsLeaf(int function) => function >= FirstDefined && function < FirstDefined + Leaves;

    public FuncShape TypeOf(int function) => Types[FunctionTypes[function]];
}
