using HostService.Runtime.Errors;
using HostService.Support;
using static HostService.Runtime.Hostile.Scenario;
using static HostService.Runtime.Hostile.Shapes.Text;

namespace HostService.Runtime.Hostile.Shapes;

/// <summary>Many types of structures: each group of types is an assembly of its own to the CLR, and once enough of them took the last memory mappings that a process may have (docs/adr/0122).</summary>
internal static class StructureTypes
{
    private const string IsFull = "refused ResourceLimitException: The process has ";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("10,000 types of structures, each made by a function of its own", Returns, () => Types(10_000)),
        // More of them than room was promised for when mappings were last counted.
        new("1,500 types of structures where half of the memory mappings are taken", IsFull, () => Types(1_500)) { Act = instance => FullThenNot(instance, () => instance.GetFunction("run")!.Call()) },
        new("constants of 1,500 types of structures where half of the memory mappings are taken", IsFull, () => "(module)") { Act = instance => FullThenNot(instance, Instantiation(instance.Store.Engine, Families(50, 30))) },
        new("code for 1,500 types of structures made ahead where half of the memory mappings are taken", IsFull, () => "(module)") { Act = instance => FullThenNot(instance, Preparation(instance.Store.Engine)) },
    ];

    private static string Types(int count) => $"""
        (module {Repeat(count, i => Invariant($"(type $t{i} (struct {Fields(i)}))"))}
          {Repeat(count, i => Invariant($"(func $f{i} (drop (struct.new_default $t{i})))"))}
          (func (export "run") {Repeat(count, i => Invariant($"(call $f{i})"))}))
        """;

    // Of each family only the last is asked for, so that nearly all of the assemblies are loaded by the CLR, which looks for the class that another extends.
    private static string Families(int count, int generations) => $"""
        (module {Repeat(count, i => Repeat(generations, j => Invariant($"(type $t{i}_{j} (sub {(j > 0 ? Invariant($"$t{i}_{j - 1}") : "")} (struct {Fields(i)} {Repeat(j, _ => "(field i32)")})))")))}
          {Repeat(count, i => Invariant($"(global (ref $t{i}_{generations - 1}) (struct.new_default $t{i}_{generations - 1}))"))})
        """;

    private static string Fields(int number) => string.Join(' ', Enumerable.Range(0, 14).Select(bit => (number >> bit & 1) == 0 ? "(field i32)" : "(field i64)"));

    private static Action Instantiation(Engine engine, string text)
    {
        var module = Module.Compile(engine, Wat.ToBinary(text));
        return () =>
        {
            using var store = new Store(engine);
            new Linker(engine).Instantiate(store, module);
        };
    }

    private static Action Preparation(Engine engine)
    {
        var module = Module.Compile(engine, Wat.ToBinary(Types(1_500)));
        return () => module.Prepare();
    }

    // What was refused for want of room must be possible once there is room.
    private static void FullThenNot(Instance instance, Action action)
    {
        // Has the mappings counted while there is room, so that it is not the first type that finds there is none, whoever asks for it.
        Instantiation(instance.Store.Engine, Families(1, 1))();
        var refusal = (ResourceLimitException?)null;
        using (new TakenMappings())
        {
            try
            {
                action();
            }
            catch (ResourceLimitException full)
            {
                refusal = full;
            }
        }

        action();
        if (refusal is not null)
        {
            throw refusal;
        }
    }
}
