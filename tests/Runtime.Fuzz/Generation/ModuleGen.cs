using System.Collections.Immutable;
using CsCheck;
using HostService.Runtime.Types;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>Generates valid modules of all of WebAssembly 3.0, with atomics, wide arithmetic and pages of one byte. Its measure for shrinking is the length of the code.</summary>
/// <remarks>
/// Modules are deterministic on every engine: a NaN that an instruction may choose is made canonical at once, fuel bounds every call, and nothing is imported
/// but <c>host.observe</c> and <c>host.again</c>. One in five is a <see cref="ModulePair"/>.
/// </remarks>
/// <param name="effort">About how many instructions a function gets.</param>
internal sealed class ModuleGen(int effort) : Gen<byte[]>
{
    private const byte FuncRef = 0x70;
    private const byte AnyRef = 0x6E;

    /// <summary>What generated modules use beyond WebAssembly 3.0.</summary>
    public const WasmFeatures Features = WasmFeatures.Threads | WasmFeatures.WideArithmetic | WasmFeatures.CustomPageSizes;

    public override byte[] Generate(PCG pcg, Size? min, out Size size)
    {
        var choices = new Choices(pcg);

        // Many small modules find more than few large ones, and small ones are what a person wants to look at.
        var budget = 4 + choices.Below(effort);
        var shape = Shape(choices);
        var binary = choices.Chance(20) ? LinkedModules(choices, shape, budget) : Write(choices, shape with { Memories = [.. shape.Memories.Select(memory => Share(choices, memory))] }, budget);
        size = new Size((ulong)binary.Length);
        return binary;
    }

    private static byte[] LinkedModules(Choices choices, ModuleShape shape, int budget)
    {
        var first = shape with { Name = LinkShape.First };
        return ModulePair.Join(Write(choices, first, budget), Write(choices, LinkShape.Draw(choices, first), budget));
    }

    private static MemoryShape Share(Choices choices, MemoryShape memory) => memory with { IsShared = !memory.HasSmallPages && choices.Chance(15) };

    private static ModuleShape Shape(Choices choices)
    {
        var first = ModuleShape.FixedTypes.Length;
        var (typeCount, tagCount, isOneGroup, isPlain) = (2 + choices.Below(6), 1 + choices.Below(3), choices.Chance(40), choices.Chance(30));
        var heap = HeapShape.Draw(choices, first + typeCount + (2 * tagCount));

        // The first has numbers only, so that there is something to call.
        var types = ModuleShape.FixedTypes.ToBuilder();
        types.Add(new FuncShape(Numbers(choices, 5), Numbers(choices, 4)));
        types.AddRange(Enumerable.Range(1, typeCount - 1).Select(_ => new FuncShape(Values(choices, 5), Values(choices, 4))));
        var tags = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < tagCount; i++)
        {
            var carried = Values(choices, 4);
            tags.Add(types.Count);
            types.AddRange(new FuncShape(carried, []), new FuncShape([], carried));
        }

        var hasStart = choices.Chance(15);
        ImmutableArray<int> functions =
        [
            0, ModuleShape.TypeOfAgain, first, .. Enumerable.Range(0, choices.Below(7)).Select(_ => first + choices.Below(typeCount)),
            .. hasStart ? [ModuleShape.TypeOfStart] : ImmutableArray<int>.Empty, ModuleShape.TypeOfAgain,
        ];
        ImmutableArray<MemoryShape> memories = [.. Enumerable.Range(0, 1 + choices.Below(2)).Select(i => Memory(choices, i > 0 && choices.Chance(50)))];
        ImmutableArray<ValType> globals =
        [
            ValType.I32, .. Enumerable.Range(0, 1 + choices.Below(5)).Select(_ => choices.Number()),
            .. Enumerable.Range(0, choices.Below(3)).Select(_ => choices.Chance(50) ? ValType.AnyRef : choices.Of(heap).Reference),
        ];
        var tableLength = 4 + choices.Below(8);
        ImmutableArray<int> tableFunctions = [.. Enumerable.Range(0, 1 + choices.Below(tableLength)).Select(_ => choices.Below(functions.Length))];
        return new ModuleShape(
            types.ToImmutable(), functions, choices.Below(Math.Min(4, functions.Length - ModuleShape.Imported - (hasStart ? 2 : 1) + 1)), memories, globals, tableLength, tableFunctions, tags.ToImmutable(), heap,
            isOneGroup, HasTable64: choices.Chance(30), hasStart, DataSegments: 2, ElementSegments: 2)
        {
            Plain = [.. Enumerable.Range(ModuleShape.Imported, functions.Length - ModuleShape.Imported).Where(i => types[functions[i]].HasNumbersOnly && choices.Chance(isPlain ? 90 : 30))],
        };

        // Some signatures also have vectors and references.
        ImmutableArray<ValType> Values(Choices choices, int below)
        {
            var mixed = !isPlain && choices.Chance(40);
            return [.. Enumerable.Range(0, choices.Below(below)).Select(_ => mixed && choices.Chance(60) ? Reference() : choices.Number())];
        }

        ValType Reference() => choices.Below(8) switch
        {
            0 => ValType.V128,
            1 => ValType.FuncRef,
            2 => ValType.ExternRef,
            3 => ValType.EqRef,
            4 => ValType.I31Ref,
            < 7 when isOneGroup => choices.Of(heap).Reference,
            _ => ValType.AnyRef,
        };
    }

    /// <summary>Draws a memory.</summary>
    internal static MemoryShape Memory(Choices choices, bool is64)
    {
        var hasSmallPages = choices.Chance(20);
        var minimum = hasSmallPages ? 65536 + (uint)choices.Below(3000) : 1;
        return new MemoryShape(is64, hasSmallPages, minimum, minimum + (uint)choices.Below(hasSmallPages ? 200_000 : 3));
    }

    private static ImmutableArray<ValType> Numbers(Choices choices, int below) => [.. Enumerable.Range(0, choices.Below(below)).Select(_ => choices.Number())];

    /// <summary>Writes a module with code of the choices.</summary>
    internal static byte[] Write(Choices choices, ModuleShape shape, int budget)
    {
        var digest = new Digest(shape);
        ImmutableArray<int> extra = shape.IsLegacy ? [] : [ModuleShape.TypeOfDescribe, ModuleShape.TypeOfDigest, ModuleShape.TypeOfAgain];
        ImmutableArray<int> functionTypes = [.. shape.Defined.Select(function => shape.FunctionTypes[function]), .. extra];
        var module = new WasmWriter().Bytes([0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]);
        module.Section(1, Types(shape));
        module.Section(2, Imports(shape));
        module.Section(3, Vector(functionTypes, (writer, type) => writer.U32((uint)type)));
        ImmutableArray<byte> tables = shape.IsLegacy ? [FuncRef] : shape.Link is not null ? [AnyRef] : [FuncRef, AnyRef];
        module.Section(4, Vector(tables, (writer, element) => WriteTable(writer, element, shape)));
        module.Section(5, Vector(shape.Memories[(shape.Link?.Memories.Length ?? 0)..], WriteMemory));
        module.Section(13, Vector(shape.Tags[(shape.Link?.Tags.Length ?? 0)..], (writer, type) => writer.Byte(0).U32((uint)type)));
        module.Section(6, Globals(choices, shape));
        module.Section(7, Exports(shape));
        if (shape.HasStart)
        {
            module.Section(8, new WasmWriter().U32((uint)shape.FunctionTypes.Length - 2));
        }

        module.Section(9, Elements(choices, shape));
        module.Section(12, new WasmWriter().U32((uint)shape.DataSegments));
        ImmutableArray<WasmWriter> bodies =
        [
            .. shape.Defined.Select(function => new BodyGen(choices, shape, function, budget).Write()),
            .. shape.IsLegacy ? ImmutableArray<WasmWriter>.Empty : [digest.Describe(), digest.Whole(), DeepGen.Write(choices, shape.FunctionTypes.Length + 2)],
        ];
        module.Section(10, Vector(bodies, (writer, body) => writer.Sized(body)));
        module.Section(11, Data(choices));
        if (shape.Name is { } name)
        {
            module.Section(0, new WasmWriter().Name("name").Byte(0).Sized(new WasmWriter().Name(name)));
        }

        return module.ToArray();
    }

    private static WasmWriter Imports(ModuleShape shape)
    {
        var link = shape.Link;
        var linked = link is null ? 0 : 1 + link.Functions.Length + link.Memories.Length + link.Globals.Length + link.Tags.Length;
        var imports = new WasmWriter().U32((uint)(ModuleShape.Imported + linked))
            .Name("host").Name("observe").Byte(0).U32(0)
            .Name("host").Name("again").Byte(0).U32(ModuleShape.TypeOfAgain);
        if (link is null)
        {
            return imports;
        }

        for (var i = 0; i < link.Functions.Length; i++)
        {
            imports.Name(LinkShape.First).Name(link.Functions[i]).Byte(0).U32((uint)shape.FunctionTypes[ModuleShape.Imported + i]);
        }

        WriteTable(imports.Name(LinkShape.First).Name(LinkShape.Table).Byte(1), FuncRef, shape);
        for (var i = 0; i < link.Memories.Length; i++)
        {
            WriteMemory(imports.Name(LinkShape.First).Name(link.Memories[i]).Byte(2), shape.Memories[i]);
        }

        for (var i = 0; i < link.Globals.Length; i++)
        {
            imports.Name(LinkShape.First).Name(link.Globals[i]).Byte(3).Type(shape.Globals[i]).Byte(1);
        }

        for (var i = 0; i < link.Tags.Length; i++)
        {
            imports.Name(LinkShape.First).Name(link.Tags[i]).Byte(4).Byte(0).U32((uint)shape.Tags[i]);
        }

        return imports;
    }

    private static void WriteTable(WasmWriter writer, byte element, ModuleShape shape) =>
        writer.Byte(element).Byte(shape.HasTable64 ? (byte)5 : (byte)1).U32((uint)shape.TableLength).U32(ModuleShape.TableMaximum);

    private static void WriteMemory(WasmWriter writer, MemoryShape memory)
    {
        writer.Byte((byte)(1 + (memory.IsShared ? 2 : 0) + (memory.Is64 ? 4 : 0) + (memory.HasSmallPages ? 8 : 0))).U32(memory.MinimumPages).U32(memory.MaximumPages);
        if (memory.HasSmallPages)
        {
            writer.U32(0);
        }
    }

    private static WasmWriter Globals(Choices choices, ModuleShape shape)
    {
        var index = shape.Link?.Globals.Length ?? 0;
        return Vector(shape.Globals[index..], (writer, type) =>
        {
            writer.Type(type).Byte(1);
            _ = index++ == ModuleShape.FuelGlobal ? writer.Byte(0x41).Signed(ModuleShape.Fuel) : WriteConstant(writer, type, choices);
            writer.Byte(0x0B);
        });
    }

    // The types of functions, then those of structures and arrays, which are a recursive group: with all but the fixed ones, or alone. A group counts as one.
    private static WasmWriter Types(ModuleShape shape)
    {
        var alone = shape.IsOneGroup ? ModuleShape.FixedTypes.Length : shape.Types.Length;
        var types = new WasmWriter().U32((uint)alone + (shape.IsLegacy ? 0u : 1));
        foreach (var type in shape.Types[..alone])
        {
            WriteTypes(WriteTypes(types.Byte(0x60), type.Parameters), type.Results);
        }

        if (shape.IsLegacy)
        {
            return types;
        }

        types.Byte(0x4E).U32((uint)(shape.Types.Length - alone + shape.Heap.Length));
        foreach (var type in shape.Types[alone..])
        {
            WriteTypes(WriteTypes(types.Byte(0x60), type.Parameters), type.Results);
        }

        foreach (var type in shape.Heap)
        {
            type.Write(types);
        }

        return types;
    }

    // Functions with other types than numbers are not exported: Wasmtime's C interface ends the process when it is to say their types.
    private static WasmWriter Exports(ModuleShape shape)
    {
        var exports = new List<(string Name, byte Kind, int Index)>();
        exports.AddRange(shape.Defined.Where(i => shape.TypeOf(i).HasNumbersOnly).Select(i => ($"f{i}", (byte)0, i)));
        exports.Add(("again", 0, shape.FunctionTypes.Length - 1));
        if (!shape.IsLegacy)
        {
            exports.Add(("digest", 0, shape.FunctionTypes.Length + 1));
            exports.Add((DeepGen.Name, 0, shape.FunctionTypes.Length + 2));
        }

        // What is imported is not exported again.
        var (memory, global) = (shape.Link?.Memories.Length ?? 0, shape.Link?.Globals.Length ?? 0);
        exports.AddRange(Enumerable.Range(memory, shape.Memories.Length - memory).Where(i => !shape.Memories[i].IsShared).Select(i => ($"m{i}", (byte)2, i)));
        exports.AddRange(Enumerable.Range(global, shape.Globals.Length - global).Where(i => !shape.Globals[i].IsReference()).Select(i => (i == ModuleShape.FuelGlobal ? "fuel" : $"g{i}", (byte)3, i)));
        if (shape is { Name: not null, Link: null })
        {
            exports.Add((LinkShape.Table, 1, 0));
            exports.AddRange(LinkShape.ExportedTags(shape).Select(tag => (tag.Name, (byte)4, tag.Index)));
        }

        return Vector(exports, (writer, export) => writer.Name(export.Name).Byte(export.Kind).U32((uint)export.Index));
    }

    // Segment 0 is active and starts the table at 0; segment 1 is passive; the last declares all functions, so that code may refer to those that are not exported.
    private static WasmWriter Elements(Choices choices, ModuleShape shape)
    {
        var passive = Enumerable.Range(0, 1 + choices.Below(4)).Select(_ => choices.Below(shape.FunctionTypes.Length)).ToList();
        var writer = new WasmWriter().U32((uint)shape.ElementSegments + 1);
        writer.U32(0).Byte(shape.HasTable64 ? (byte)0x42 : (byte)0x41).Signed(0).Byte(0x0B).Bytes(Vector(shape.TableFunctions, (w, f) => w.U32((uint)f)).ToArray());
        writer.U32(1).Byte(0x00).Bytes(Vector(passive, (w, f) => w.U32((uint)f)).ToArray());
        return writer.U32(3).Byte(0x00).Bytes(Vector([.. shape.Generated], (w, f) => w.U32((uint)f)).ToArray());
    }

    // Segment 0 is active, segment 1 passive.
    private static WasmWriter Data(Choices choices)
    {
        var writer = new WasmWriter().U32(2);
        writer.U32(0).Byte(0x41).Signed(choices.Below(65536 - 64)).Byte(0x0B).Bytes(Random().ToArray());
        return writer.U32(1).Bytes(Random().ToArray());

        WasmWriter Random() => Vector(Enumerable.Range(0, 1 + choices.Below(40)).Select(_ => (byte)choices.Below(256)).ToList(), (w, b) => w.Byte(b));
    }

    internal static WasmWriter WriteConstant(WasmWriter writer, ValType type, Choices choices) => type switch
    {
        ValType.I32 => writer.Byte(0x41).Signed((int)choices.Integer()),
        ValType.I64 => writer.Byte(0x42).Signed(choices.Integer()),
        ValType.F32 => writer.Byte(0x43).Bits32(choices.Float32()),
        ValType.F64 => writer.Byte(0x44).Bits64(choices.Float64()),
        ValType.V128 => writer.Byte(0xFD).U32(12).Bits64(choices.Float64()).Bits64(choices.Float64()),
        _ => writer.Byte(0xD0).Heap(type),
    };

    private static WasmWriter WriteTypes(WasmWriter writer, ImmutableArray<ValType> types) => writer.Bytes(Vector(types, (w, type) => w.Type(type)).ToArray());

    private static WasmWriter Vector<T>(IReadOnlyCollection<T> items, Action<WasmWriter, T> write)
    {
        var writer = new WasmWriter().U32((uint)items.Count);
        foreach (var item in items)
        {
            write(writer, item);
        }

        return writer;
    }
}
