using System.Collections.Immutable;
using CsCheck;
using HostService.Runtime.Types;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>Generates valid modules with exceptions in their first form, which Wasmtime refuses; see <see cref="ModuleShape.IsLegacy"/>.</summary>
/// <param name="effort">About how many instructions a function gets.</param>
internal sealed class LegacyModuleGen(int effort) : Gen<byte[]>
{
    /// <summary>What they use beyond WebAssembly 3.0.</summary>
    public const WasmFeatures Features = WasmFeatures.LegacyExceptions;

    public override byte[] Generate(PCG pcg, Size? min, out Size size)
    {
        var choices = new Choices(pcg);
        var budget = 4 + choices.Below(effort);
        var binary = ModuleGen.Write(choices, Shape(choices), budget);
        size = new Size((ulong)binary.Length);
        return binary;
    }

    private static ModuleShape Shape(Choices choices)
    {
        var first = ModuleShape.FixedTypes.Length;
        var types = ModuleShape.FixedTypes.ToBuilder();

        // References to anything but functions came later.
        types[ModuleShape.TypeOfDescribe] = new FuncShape([ValType.I32, ValType.I32], [ValType.I64]);
        var typeCount = 2 + choices.Below(5);
        types.AddRange(Enumerable.Range(0, typeCount).Select(_ => new FuncShape(Numbers(5), Numbers(4))));
        var tags = ImmutableArray.CreateBuilder<int>();
        for (var i = 1 + choices.Below(3); i > 0; i--)
        {
            tags.Add(types.Count);
            types.Add(new FuncShape(Numbers(4), []));
        }

        ImmutableArray<int> functions =
            [0, ModuleShape.TypeOfAgain, first, .. Enumerable.Range(0, choices.Below(5)).Select(_ => first + choices.Below(typeCount)), ModuleShape.TypeOfAgain];
        var tableLength = 4 + choices.Below(8);
        return new ModuleShape(
            types.ToImmutable(), functions, Leaves: choices.Below(Math.Min(4, functions.Length - 2)), [new MemoryShape(Is64: false, HasSmallPages: false, 1, 1 + (uint)choices.Below(3))],
            [ValType.I32, .. Enumerable.Range(0, 1 + choices.Below(5)).Select(_ => choices.Number())],
            tableLength, [.. Enumerable.Range(0, 1 + choices.Below(tableLength)).Select(_ => choices.Below(functions.Length))], tags.ToImmutable(), Heap: [],
            IsOneGroup: false, HasTable64: false, HasStart: false, DataSegments: 2, ElementSegments: 2) 
        {
            IsLegacy = true,
            Plain = [.. Enumerable.Range(ModuleShape.Imported, functions.Length - ModuleShape.Imported).Where(_ => choices.Chance(30))],
        };

        ImmutableArray<ValType> Numbers(int below) => [.. Enumerable.Range(0, choices.Below(below)).Select(_ => choices.Number())];
    }
}
