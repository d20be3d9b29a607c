using System.Collections.Immutable;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>What one generated module imports from another, by name: functions, memories, globals with the fuel first, tags and the table of functions; those without references, whose types Wasmtime's C interface can't say.</summary>
internal sealed record LinkShape(ImmutableArray<string> Functions, ImmutableArray<string> Memories, ImmutableArray<string> Globals, ImmutableArray<string> Tags)
{
    /// <summary>Under which name the table is exported.</summary>
    public const string Table = "t";

    /// <summary>What the two modules are called; the first is imported from under its name.</summary>
    public const string First = "first";

    /// <inheritdoc cref="First"/>
    public const string Second = "second";

    /// <summary>The tags that a module exports, by name.</summary>
    public static IEnumerable<(string Name, int Index)> ExportedTags(ModuleShape shape) => Enumerable.Range(0, shape.Tags.Length).Where(tag => shape.Types[shape.Tags[tag]].HasNumbersOnly).Select(tag => ($"tag{tag}", tag));

    /// <summary>Draws a module that imports from another, whose functions call back through the table. Its types are the same ones, so that all references can go from one to the other.</summary>
    public static ModuleShape Draw(Choices choices, ModuleShape first)
    {
        var exported = first.Defined.Where(function => first.TypeOf(function).HasNumbersOnly).ToList();
        var foreign = Enumerable.Range(0, 1 + choices.Below(4)).Select(_ => choices.Of(exported)).Distinct().ToList();
        var globals = Enumerable.Range(0, first.Globals.Length).Where(global => !first.Globals[global].IsReference()).ToList();
        var (firstType, typeCount, hasStart, isPlain) = (ModuleShape.FixedTypes.Length, first.Tags[0] - ModuleShape.FixedTypes.Length, choices.Chance(15), choices.Chance(30));
        ImmutableArray<int> functions =
        [
            0, ModuleShape.TypeOfAgain, .. foreign.Select(function => first.FunctionTypes[function]),
            firstType, .. Enumerable.Range(0, choices.Below(5)).Select(_ => firstType + choices.Below(typeCount)),
            .. hasStart ? [ModuleShape.TypeOfStart] : ImmutableArray<int>.Empty, ModuleShape.TypeOfAgain,
        ];
        var defined = ModuleShape.Imported + foreign.Count;
        var tags = ExportedTags(first).ToList();
        return first with
        {
            // The others are its own, though their types are those of the first's.
            Tags = [.. tags.Select(tag => first.Tags[tag.Index]), .. first.Tags.Where((_, i) => tags.TrueForAll(tag => tag.Index != i))],
            Name = Second,
            Link = new LinkShape([.. foreign.Select(function => $"f{function}")], [.. Enumerable.Range(0, first.Memories.Length).Select(memory => $"m{memory}")], [.. globals.Select(global => global == ModuleShape.FuelGlobal ? "fuel" : $"g{global}")], [.. tags.Select(tag => tag.Name)]),
            FunctionTypes = functions,
            Leaves = choices.Below(Math.Min(4, functions.Length - defined - (hasStart ? 2 : 1) + 1)),
            Memories = [.. first.Memories, .. choices.Chance(40) ? [ModuleGen.Memory(choices, choices.Chance(50))] : ImmutableArray<MemoryShape>.Empty],
            Globals = [.. globals.Select(global => first.Globals[global]), .. Enumerable.Range(0, choices.Below(3)).Select(_ => choices.Number()), .. choices.Chance(50) ? [ValType.AnyRef] : ImmutableArray<ValType>.Empty],

            // Where the first module's functions were: mostly with their types, so that it calls these.
            TableFunctions = [.. first.TableFunctions.Take(1 + choices.Below(first.TableFunctions.Length)).Select(replaced => Like(first.FunctionTypes[replaced]))],
            HasStart = hasStart,
            Plain = [.. Enumerable.Range(defined, functions.Length - defined).Where(i => first.Types[functions[i]].HasNumbersOnly && choices.Chance(isPlain ? 90 : 30))],
        };

        int Like(int type)
        {
            var fitting = Enumerable.Range(0, functions.Length).Where(function => functions[function] == type).ToList();
            return fitting.Count == 0 ? choices.Below(functions.Length) : fitting[^(1 + choices.Below(fitting.Count))];
        }
    }
}
