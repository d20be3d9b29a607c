using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using HostService.Runtime.Fuzz.Generation;
using HostService.Runtime.Types;

namespace HostService.Runtime.Fuzz.Differential.V8;

/// <summary>Runs modules with exceptions in their first form here, in each way that there is, and in V8, and says where they differ.</summary>
internal static class LegacyDiffer
{
    private const int CallsPerFunction = 3;
    private const uint CanonicalNan32 = 0x7FC0_0000;
    private const ulong CanonicalNan64 = 0x7FF8_0000_0000_0000;

    /// <summary>The modules in which something differs, each with what. Makes a thread that is deep enough.</summary>
    public static IReadOnlyList<(byte[] Binary, string Difference)> Compare(IReadOnlyList<byte[]> binaries) => Differ.OnDeepStack(() => CompareHere(binaries));

    private static List<(byte[] Binary, string Difference)> CompareHere(IReadOnlyList<byte[]> binaries)
    {
        var modules = binaries.Select(Plan).ToList();
        var expected = V8Batch.Run(modules);
        return
        [
            .. from i in Enumerable.Range(0, modules.Count)
               let difference = Enumerable.Range(0, OurGuest.Ways).Select(way => Compare(modules[i], expected[i], way)).FirstOrDefault(found => found is not null)
               where difference is not null
               select (modules[i].Binary, difference),
        ];
    }

    private static V8Module Plan(byte[] binary)
    {
        using var guest = new OurGuest(binary, 0, keepsNans: false);
        var functions = guest.Exports.Where(export => export.Type.Kind == ExternKind.Func).Select(export => (export.Name, Type: export.Type.Func!));
        return new V8Module(
            binary,
            [
                .. from function in functions
                   from call in Enumerable.Range(0, CallsPerFunction)
                   select new V8Call(
                       function.Name,
                       [.. function.Type.Parameters.Select((type, i) => Text(Differ.Argument(type, (call * 5) + (i * 3) + function.Name.Length)))],
                       [.. function.Type.Results.Select(Name)]),
            ],
            guest.Exports.Where(export => export.Type.Kind == ExternKind.Global).ToImmutableDictionary(export => export.Name, export => Name(export.Type.Global!.Type)));
    }

    private static string? Compare(V8Module module, V8Result expected, int way)
    {
        using var guest = new OurGuest(module.Binary, way, keepsNans: false);
        var start = guest.Start();
        if (start.Trap is not null)
        {
            return $"way {way}: {start}";
        }

        for (var i = 0; i < module.Calls.Length; i++)
        {
            var (call, wanted) = (module.Calls[i], expected.Calls[i]);
            guest.Observed.Clear();
            guest.SetFuel(ModuleShape.Fuel);
            var actual = guest.Call(call.Name, [.. call.Arguments.Select(Parse)]);
            if (!IsSame(actual.Trap, wanted.Trap) || !actual.Results.Select(Text).SequenceEqual(wanted.Results))
            {
                return $"way {way}, call {i}, {call.Name}({string.Join(", ", call.Arguments)}): {actual}; V8: {wanted.Trap} [{string.Join(", ", wanted.Results)}]";
            }

            if (!guest.Observed.Select(Text).SequenceEqual(wanted.Observed))
            {
                return $"way {way}, call {i}, {call.Name}: the host was called with [{string.Join(", ", guest.Observed)}]; by V8 with [{string.Join(", ", wanted.Observed)}]";
            }

            Differ.Count(actual);
        }

        var global = expected.Globals.FirstOrDefault(global => Text(guest.Global(global.Key)) != global.Value);
        var memory = expected.Memories.FirstOrDefault(memory => Convert.ToHexStringLower(SHA256.HashData(guest.Memory(memory.Key))) != memory.Value);
        return global.Key is not null ? $"way {way}: global {global.Key} is {guest.Global(global.Key)} at the end; V8: {global.Value}"
            : memory.Key is not null ? $"way {way}: memory {memory.Key} differs at the end"
            : null;
    }

    // V8 has one message where a function is null or has another type, and one for every float that does not fit an integer.
    private static bool IsSame(TrapKind? actual, string? expected) => actual switch
    {
        null => expected is null,
        TrapKind.NullElement or TrapKind.WrongSignature => expected == nameof(TrapKind.WrongSignature),
        TrapKind.IntegerOverflow => expected is nameof(TrapKind.IntegerOverflow) or nameof(TrapKind.BadConversion),
        { } kind => expected == kind.ToString(),
    };

    private static string Name(Types.ValueType type) => type.Kind.ToString().ToUpperInvariant();

    private static string Text(Number number) => $"{number.Type}:{Canonical(number).ToString("x", CultureInfo.InvariantCulture)}";

    private static ulong Canonical(Number number) => number.Type switch
    {
        ValType.F32 when float.IsNaN(BitConverter.UInt32BitsToSingle((uint)number.Bits)) => CanonicalNan32,
        ValType.F64 when double.IsNaN(BitConverter.UInt64BitsToDouble(number.Bits)) => CanonicalNan64,
        _ => number.Bits,
    };

    private static Number Parse(string text) => new(Enum.Parse<ValType>(text[..3]), ulong.Parse(text[4..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
