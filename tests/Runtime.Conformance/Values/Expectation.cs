using HostService.Runtime.Types;

namespace HostService.Runtime.Conformance.Values;

/// <summary>Compares results with what a script expects, bit for bit.</summary>
internal static class Expectation
{
    public static bool Matches(ScriptValue expected, in Value actual, HostObjects objects)
    {
        switch (expected)
        {
            case EitherValue either:
                // A lambda can't capture an "in" parameter.
                var copy = actual;
                return either.Alternatives.Any(alternative => Matches(alternative, copy, objects));
            case NumberValue or NanValue:
                return Bits(expected.Type, actual) is { } bits && MatchesBits(expected, bits);
            case VectorValue vector:
                return actual.Kind == ValueKind.V128 && MatchesLanes(vector, actual);
            default:
                return actual.Kind == ValueKind.Ref && MatchesReference(expected, actual.Reference, objects);
        }
    }

    private static bool MatchesReference(ScriptValue expected, object? actual, HostObjects objects) => expected switch
    {
        NullValue => actual is null,
        HostValue host => ReferenceEquals(actual, objects[host.Number]),
        SomeValue { Type: "funcref" } => actual is Func,
        SomeValue { Type: "externref" or "anyref" } => actual is not null and not Func,
        SomeValue => actual is not null and not Func and not HostObject,
        _ => false,
    };

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
