using HostService.Runtime.Execution.Heap;
using HostService.Runtime.Types;

namespace HostService.Runtime.Conformance.Values;

/// <summary>Compares results with what a script expects: numbers bit for bit, references by identity or kind.</summary>
/// <param name="engine">It tells arrays of guests from other arrays.</param>
/// <param name="objects">What the script's numbers of host objects stand for.</param>
internal sealed class Expectation(Engine engine, HostObjects objects)
{
    public bool Matches(ScriptValue expected, in Value actual)
    {
        switch (expected)
        {
            case EitherValue either:
                // A lambda can't capture an "in" parameter.
                var copy = actual;
                return either.Alternatives.Any(alternative => Matches(alternative, copy));
            case NumberValue or NanValue:
                return Bits(expected.Type, actual) is { } bits && MatchesBits(expected, bits);
            case VectorValue vector:
                return actual.Kind == ValueKind.V128 && MatchesLanes(vector, actual);
            default:
                return actual.Kind == ValueKind.Ref && MatchesReference(expected, actual.Reference);
        }
    }

    private bool MatchesReference(ScriptValue expected, object? actual) => expected switch
    {
        NullValue => actual is null,
        HostValue host => ReferenceEquals(actual, objects[host.Number]),
        SomeValue some => actual is not null && IsOf(some.Type, actual),
        _ => false,
    };

    // A host's object may come back as an externref or an anyref, and is of no narrower type; functions are of a hierarchy of their own, and so are exceptions.
    private bool IsOf(string type, object actual) => type switch
    {
        "funcref" => actual is Func,
        "exnref" => actual is GuestException,
        "externref" or "anyref" => actual is not Func and not GuestException,
        "eqref" => IsA(HeapKind.Eq, actual),
        "structref" => IsA(HeapKind.Struct, actual),
        "arrayref" => IsA(HeapKind.Array, actual),
        "i31ref" or "i31refshared" => IsA(HeapKind.I31, actual),
        _ => false,
    };

    private bool IsA(HeapKind kind, object actual) => References.Matches(actual, ValueType.Ref(new HeapType(kind), nullable: false), engine);

    private static ulong? Bits(string type, in Value actual) => (type, actual.Kind) switch
    {
        ("i32", ValueKind.I32) => (uint)actual.I32,
        ("i64", ValueKind.I64) => (ulong)actual.I64,
        ("f32", ValueKind.F32) => BitConverter.SingleToUInt32Bits(actual.F32),
        ("f64", ValueKind.F64) => BitConverter.DoubleToUInt64Bits(actual.F64),
        _ => null,
    };

    private static bool MatchesLanes(VectorValue expected, in Value actual)
    {
        var words = System.Runtime.Intrinsics.Vector128.AsUInt64(actual.V128);
        var bits = new UInt128(words[1], words[0]);
        foreach (var lane in expected.Lanes)
        {
            var width = lane is NanValue nan ? nan.Width : ((NumberValue)lane).Width;
            if (!MatchesBits(lane, (ulong)(bits & ((UInt128.One << width) - 1))))
            {
                return false;
            }

            bits >>= width;
        }

        return true;
    }

    private static bool MatchesBits(ScriptValue expected, ulong actual) => expected switch
    {
        NumberValue number => actual == number.Bits,
        NanValue { Width: 32, IsCanonical: true } => (actual & 0x7FFF_FFFF) == 0x7FC0_0000,
        NanValue { Width: 32 } => (actual & 0x7FC0_0000) == 0x7FC0_0000,
        NanValue { IsCanonical: true } => (actual & 0x7FFF_FFFF_FFFF_FFFF) == 0x7FF8_0000_0000_0000,
        NanValue => (actual & 0x7FF8_0000_0000_0000) == 0x7FF8_0000_0000_0000,
        _ => false,
    };
}
