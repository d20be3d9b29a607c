using System.Collections.Immutable;
using CsCheck;
using HostService.Runtime.Types;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>Generates valid modules of all of WebAssembly 3.0, with atomics and wide arithmetic. Its measure for shrinking is the length of the code.</summary>
/// <remarks>
/// Modules are deterministic on every engine: a NaN that an instruction may choose is made canonical at once, fuel bounds every call, and nothing is imported
/// but <c>host.observe</c>.
/// </remarks>
/// <param name="effort">About how many instructions a function gets.</param>
internal sealed class ModuleGen(int effort) : Gen<byte[]>
{
    /// <summary>What generated modules use beyond WebAssembly 3.0.</summary>
    public const WasmFeatures Features = WasmFeatures.Threads | WasmFeatures.WideArithmetic;

    public override byte[] Generate(PCG pcg, Size? min, out Size size)
    {
        var choices = new Choices(pcg);

        // Many small modules find more than few large ones, and small ones are what a person wants to look at.
        var budget = 4 + choices.Below(effort);
        var binary = Write(choices, Shape(choices), budget);
        size = new Size((ulong)binary.Length);
        return binary;
    }

    private static ModuleShape Shape(Choices choices)
    {
        var types = ImmutableArray.CreateBuilder<FuncShape>();
        types.Add(new FuncShape([ValType.I32, ValType.I64, ValType.F32, ValType.F64], [ValType.I64]));
        types.AddRange(Enumerable.Range(0, 2 + choices.Below(5)).Select(_ => new FuncShape(Numbers(choices, 5), Numbers(choices, 4))));
        var typeCount = types.Count;
        var tags = ImmutableArray.CreateBuilder<int>();
        for (var i = 1 + choices.Below(3); i > 0; i--)
        {
            var carried = Numbers(choices, 4);
            tags.Add(types.Count);
            types.AddRange(new FuncShape(carried, []), new FuncShape([], carried));
        }

        var heap = HeapShape.Draw(choices, types.Count);

        ImmutableArray<int> functions = [0, .. Enumerable.Range(0, 1 + choices.Below(7)).Select(_ => 1 + choices.Below(typeCount - 1))];
        ImmutableArray<MemoryShape> memories =
        [
            .. Enumerable.Range(0, 1 + choices.Below(2)).Select(i => new MemoryShape(i > 0 && choices.Chance(50), 1, 1 + (uint)choices.Below(3))),
        ];
        ImmutableArray<ValType> globals =
        [
            ValType.I32, .. Enumerable.Range(0, 1 + choices.Below(5)).Select(_ => choices.Number()),
            .. Enumerable.Range(0, choices.Below(3)).Select(_ => choices.Chance(50) ? ValType.AnyRef : choices.Of(heap).Reference),
        ];
        var tableLength = 4 + choices.Below(8);
        ImmutableArray<int> tableFunctions = [.. Enumerable.Range(0, 1 + choices.Below(tableLength)).Select(_ => choices.Below(functions.Length))];
        return new ModuleShape(types.ToImmutable(), functions, choices.Below(Math.Min(4, functions.Length - 1)), memories, globals, tableLength, tableFunctions, tags.ToImmutable(), heap, choices.Chance(30), DataSegments: 2, ElementSegments: 2);
    }

    private static ImmutableArray<ValType> Numbers(Choices choices, int below) => [.. Enumerable.Range(0, choices.Below(below)).Select(_ => choices.Number())];

    private static byte[] Write(Choices choices, ModuleShape shape, int budget)
    {
        var module = new WasmWriter().Bytes([0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]);
        module.Section(1, Types(shape));
        module.Section(2, new WasmWriter().U32(1).Name("host").Name("observe").Byte(0).U32(0));
        module.Section(3, Vector(shape.FunctionTypes.RemoveAt(0), (writer, type) => writer.U32((uint)type)));
        module.Section(4, new WasmWriter().U32(2)
            .Byte(0x70).Byte(shape.HasTable64 ? (byte)5 : (byte)1).U32((uint)shape.TableLength).U32(ModuleShape.TableMaximum)
            .Byte(0x6E).Byte(shape.HasTable64 ? (byte)5 : (byte)1).U32((uint)shape.TableLength).U32(ModuleShape.TableMaximum));
        module.Section(5, Vector(shape.Memories, (writer, memory) => writer.Byte((byte)(memory.Is64 ? 5 : 1)).U32(memory.MinimumPages).U32(memory.MaximumPages)));
        module.Section(13, Vector(shape.Tags, (writer, type) => writer.Byte(0).U32((uint)type)));
        module.Section(6, Vector(shape.Globals, (writer, type) => WriteConstant(writer.Type(type).Byte(1), type, choices).Byte(0x0B)));
        module.Section(7, Exports(shape));
        module.Section(9, Elements(choices, shape));
        module.Section(12, new WasmWriter().U32((uint)shape.DataSegments));
        module.Section(10, Vector([.. Enumerable.Range(1, shape.FunctionTypes.Length - 1)], (writer, function) => writer.Sized(new BodyGen(choices, shape, function, budget).Write())));
        module.Section(11, Data(choices));
        return module.ToArray();
    }

    // The types of functions, then the recursive group of structures and arrays, which counts as one.
    private static WasmWriter Types(ModuleShape shape)
    {
        var types = new WasmWriter().U32((uint)shape.Types.Length + 1);
        foreach (var type in shape.Types)
        {
            WriteTypes(WriteTypes(types.Byte(0x60), type.Parameters), type.Results);
        }

        types.Byte(0x4E).U32((uint)shape.Heap.Length);
        foreach (var type in shape.Heap)
        {
            type.Write(types);
        }

        return types;
    }

    private static WasmWriter Exports(ModuleShape shape)
    {
        var exports = new List<(string Name, byte Kind, int Index)>();
        exports.AddRange(Enumerable.Range(1, shape.FunctionTypes.Length - 1).Select(i => ($"f{i}", (byte)0, i)));
        exports.AddRange(Enumerable.Range(0, shape.Memories.Length).Select(i => ($"m{i}", (byte)2, i)));
        exports.AddRange(Enumerable.Range(0, shape.Globals.Length).Where(i => !shape.Globals[i].IsReference()).Select(i => (i == ModuleShape.FuelGlobal ? "fuel" : $"g{i}", (byte)3, i)));
        return Vector(exports, (writer, export) => writer.Name(export.Name).Byte(export.Kind).U32((uint)export.Index));
    }

    // Segment 0 is active and starts the table at 0; segment 1 is passive.
    private static WasmWriter Elements(Choices choices, ModuleShape shape)
    {
        var passive = Enumerable.Range(0, 1 + choices.Below(4)).Select(_ => choices.Below(shape.FunctionTypes.Length)).ToList();
        var writer = new WasmWriter().U32(2);
        writer.U32(0).Byte(shape.HasTable64 ? (byte)0x42 : (byte)0x41).Signed(0).Byte(0x0B).Bytes(Vector(shape.TableFunctions, (w, f) => w.U32((uint)f)).ToArray());
        writer.U32(1).Byte(0x00).Bytes(Vector(passive, (w, f) => w.U32((uint)f)).ToArray());
        return writer;
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
