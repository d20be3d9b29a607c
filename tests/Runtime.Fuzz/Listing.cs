using System.Globalization;
using System.Text;
using HostService.Runtime.Binary;
using HostService.Runtime.Fuzz.Generation;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using HostService.Runtime.Validation;

namespace HostService.Runtime.Fuzz;

/// <summary>The code of a module in text, each instruction with its place, to look up what a difference names.</summary>
internal static class Listing
{
    private const WasmFeatures Features = ModuleGen.Features | LegacyModuleGen.Features;

    public static string Of(byte[] binary)
    {
        var (first, second) = ModulePair.Read(binary);
        return second is null ? OfOne(first) : $"{OfOne(first)}{LinkShape.Second}:\n{OfOne(second)}";
    }

    private static string OfOne(byte[] binary)
    {
        var text = new StringBuilder();
        var module = ModuleDecoder.Decode(binary, Features, ModuleLimits.Default);
        var function = module.ImportedFunctionCount;
        foreach (var body in module.Bodies)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"f{function++}:");
            var locals = new WasmReader(binary, body.Offset, body.Offset + body.Length);
            new LocalTypes().ReadDeclarations(ref locals, int.MaxValue);
            var reader = new InstructionReader(binary, locals.Position, body.Offset + body.Length, Features);
            var (instruction, start) = (default(Instruction), locals.Position);
            while (reader.Read(ref instruction))
            {
                var row = InstructionTable.Rows.First(row => row.Op == instruction.Op);
                text.AppendLine(CultureInfo.InvariantCulture, $"  +0x{start:x} {row.Text} {Convert.ToHexStringLower(binary.AsSpan(start, reader.Position - start))}");
                start = reader.Position;
            }
        }

        return text.ToString();
    }
}
