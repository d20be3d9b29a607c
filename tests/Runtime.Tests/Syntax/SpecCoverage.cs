using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HostService.Runtime.Syntax;
using HostService.Runtime.Types;
using ValueType = HostService.Runtime.Types.ValueType;

namespace HostService.Runtime.Tests.Syntax;

/// <summary>Writes <c>docs/spec-coverage.md</c> from the instruction table.</summary>
internal static class SpecCoverage
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("""
            # Instructions

            Generated from the instruction table (`src/Runtime/Syntax/InstructionTable*.cs`); a test keeps it up to date (`UPDATE_GOLDEN=1` rewrites it).
            Every instruction listed is decoded and validated. *IL* says how the compiler turns it into code: a run of IL instructions, a method of the
            intrinsics, or `custom` where the code depends on the module. A module that uses an instruction which the compiler does not take is refused
            with its name.

            | proposal | instructions | part of WebAssembly 3.0 |
            | --- | ---: | --- |

            """);
        foreach (var group in InstructionTable.Rows.GroupBy(row => row.Group).OrderBy(group => group.Key))
        {
            var feature = group.Key.RequiredFeature();
            var isPart = feature == WasmFeatures.None ? "yes" : $"no: `WasmFeatures.{feature}`";
            text.Append(CultureInfo.InvariantCulture, $"| {Words(group.Key)} | {group.Count()} | {isPart} |\n");
        }

        foreach (var group in InstructionTable.Rows.GroupBy(row => row.Group).OrderBy(group => group.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Words(group.Key)}\n\n| opcode | instruction | type | IL |\n| --- | --- | --- | --- |\n");
            foreach (var row in group.OrderBy(row => row.Op))
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{Opcode(row.Op)}` | `{row.Text}` | {Type(row.Effect)} | {Il(row.Lowering)} |\n");
            }
        }

        return text.ToString();
    }

    private static string Words(InstructionGroup group) => group switch
    {
        InstructionGroup.Core => "WebAssembly 1.0",
        InstructionGroup.SignExtension => "Sign-extension operators",
        InstructionGroup.SaturatingConversion => "Non-trapping float-to-int conversions",
        InstructionGroup.BulkMemory => "Bulk memory operations",
        InstructionGroup.ReferenceTypes => "Reference types",
        InstructionGroup.FunctionReferences => "Typed function references",
        InstructionGroup.TailCall => "Tail calls",
        InstructionGroup.Gc => "Garbage collection",
        InstructionGroup.Exceptions => "Exception handling",
        InstructionGroup.Simd => "Fixed-width SIMD",
        InstructionGroup.RelaxedSimd => "Relaxed SIMD",
        InstructionGroup.Threads => "Threads",
        InstructionGroup.WideArithmetic => "Wide arithmetic",
        InstructionGroup.LegacyExceptions => "Legacy exception handling",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "A new group needs words."),
    };

    private static string Opcode(Op op)
    {
        var (prefix, code) = OpPrefix.Split(op);
        return prefix is { } value ? $"{value:X2} {code:X2}" : $"{code:X2}";
    }

    private static string Type(StackEffect? effect) => effect switch
    {
        null => "contextual",
        { IsMemoryAccess: true } => $"`[{Join(["at", .. Words(effect.Pops)])}] → [{Join(Words(effect.Pushes))}]`",
        _ => $"`[{Join(Words(effect.Pops))}] → [{Join(Words(effect.Pushes))}]`",
    };

    private static IEnumerable<string> Words(ImmutableArray<ValueType> types) => types.Select(type => type.ToString());

    private static string Join(IEnumerable<string> words) => string.Join(' ', words);

    private static string Il(Lowering lowering) => lowering switch
    {
        Lowering.Il { Codes.IsEmpty: true } => "nothing",
        Lowering.Il il => $"`{string.Join("; ", il.Codes.Select(Mnemonic))}`",
        Lowering.Call call => $"call `{call.Method}`",
        Lowering.LoadFrom { Method: { } method } => $"call `{method}`",
        Lowering.LoadFrom load => $"`{string.Join("; ", load.Codes.Select(Mnemonic))}`",
        Lowering.StoreTo { Method: { } method } => $"call `{method}`",
        Lowering.StoreTo { Narrow: { } narrow } store => $"`{Mnemonic(narrow)}; {Mnemonic(store.Code)}`",
        Lowering.StoreTo store => $"`{Mnemonic(store.Code)}`",
        Lowering.Atomic atomic => $"call `{atomic.Method}`",
        _ => "custom",
    };

    // ILOpCode.Ldc_i4_0 is written ldc.i4.0.
    private static string Mnemonic(System.Reflection.Metadata.ILOpCode code) => code.ToString().Replace('_', '.').ToLowerInvariant();
}
