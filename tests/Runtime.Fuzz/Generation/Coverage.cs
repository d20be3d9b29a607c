using System.Globalization;
using System.Text;
using CsCheck;
using HostService.Runtime.Binary;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Fuzz.Generation;

/// <summary>Which instructions of the instruction table the generator of modules writes.</summary>
internal static class Coverage
{
    // Few enough to take seconds, many enough that each instruction has its turn.
    private const int Modules = 1000;

    // A fixed seed: the generator draws from it alone, so the same instructions come each time.
    private const ulong Seed = 20261122;

    private const int LegacyModules = 50;

    private const WasmFeatures Features = ModuleGen.Features | LegacyModuleGen.Features;

    /// <summary>The instructions of a number of generated modules.</summary>
    public static IReadOnlySet<Op> Measure()
    {
        var found = new HashSet<Op>();
        var (generator, legacy) = (new ModuleGen(120), new LegacyModuleGen(120));
        for (var i = 0u; i < Modules + LegacyModules; i++)
        {
            var binary = i < Modules ? generator.Generate(new PCG(i, Seed), null, out _) : legacy.Generate(new PCG(i, Seed), null, out _);
            var module = ModuleDecoder.Decode(binary, Features, ModuleLimits.Default);
            foreach (var body in module.Bodies)
            {
                var locals = new WasmReader(binary, body.Offset, body.Offset + body.Length);
                new LocalTypes().ReadDeclarations(ref locals, int.MaxValue);
                Read(binary, locals.Position, body.Offset + body.Length, found);
            }
        }

        return found;
    }

    /// <summary>The table for <c>docs/fuzzing.md</c>.</summary>
    public static string Table(IReadOnlySet<Op> found)
    {
        var table = new StringBuilder();
        table.AppendLine("| group | instructions | generated | not generated |").AppendLine("| --- | ---: | ---: | --- |");
        foreach (var group in InstructionTable.Rows.GroupBy(row => row.Group).OrderBy(group => group.Key))
        {
            var missing = group.Where(row => !found.Contains(row.Op)).Select(row => $"`{row.Text}`").ToList();
            var shown = string.Join(", ", missing);
            table.AppendLine(CultureInfo.InvariantCulture, $"| {group.Key} | {group.Count()} | {group.Count() - missing.Count} | {shown} |");
        }

        return table.ToString().ReplaceLineEndings("\n");
    }

    private static void Read(byte[] binary, int start, int end, HashSet<Op> found)
    {
        var reader = new InstructionReader(binary, start, end, Features);
        var instruction = default(Instruction);
        while (reader.Read(ref instruction))
        {
            found.Add(instruction.Op);
        }
    }
}
