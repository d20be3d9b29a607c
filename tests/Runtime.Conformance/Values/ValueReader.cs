using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace HostService.Runtime.Conformance.Values;

/// <summary>Reads the values of a script. What can't be read becomes an <see cref="UnknownValue"/>, so that only its command fails.</summary>
internal static class ValueReader
{
    public static ImmutableArray<ScriptValue> ReadAll(JsonElement values) => [.. values.EnumerateArray().Select(Read)];

    public static ScriptValue Read(JsonElement value)
    {
        var type = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var name) ? name.GetString() ?? "" : "";
        try
        {
            return Read(type, value);
        }
        catch (Exception e) when (e is FormatException or OverflowException or KeyNotFoundException or InvalidOperationException)
        {
            return new UnknownValue(type, $"can't be read from {value.GetRawText()}: {e.Message}");
        }
    }

    private static ScriptValue Read(string type, JsonElement value) => type switch
    {
        "i32" or "i64" or "f32" or "f64" => Number(type, Text(value.GetProperty("value"))),
        "v128" => Vector(value.GetProperty("lane_type").GetString()!, value.GetProperty("value")),
        "externref" or "anyref" => Host(type, value),
        "funcref" => !value.TryGetProperty("value", out var function) || !IsNull(function) ? new SomeValue(type) : new NullValue(type),
        "exnref" or "contref" => !value.TryGetProperty("value", out var opaque) || !IsNull(opaque) ? new SomeValue(type) : new NullValue(type),
        "eqref" or "structref" or "arrayref" or "i31ref" or "i31refshared" => new SomeValue(type),
        "nullref" or "nullfuncref" or "nullexternref" or "nullexnref" or "nullcontref" or "refnull" => new NullValue(type),
        "either" => new EitherValue(ReadAll(value.GetProperty("values"))),
        "bool" or "s8" or "u8" or "s16" or "u16" or "s32" or "u32" or "s64" or "u64" or "char" or "string" or "enum" or "list" or "tuple"
            or "record" or "variant" or "option" or "result" or "flags" => new ComponentValue(type, value.GetProperty("value").GetRawText()),
        _ => new UnknownValue(type, "no value type that the runner knows"),
    };

    private static ScriptValue Number(string type, string text)
    {
        var width = Width(type);
        if (text is "nan:canonical" or "nan:arithmetic" && type[0] == 'f')
        {
            return new NanValue(type, width, text == "nan:canonical");
        }

        // Integers are signed and floats are bits, but either range is unambiguous in its width.
        var number = BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var modulus = BigInteger.One << width;
        if (number >= modulus || number < -(modulus >> 1))
        {
            throw new OverflowException($"{text} has more than {width} bits");
        }

        return new NumberValue(type, width, (ulong)(number.Sign < 0 ? number + modulus : number));
    }

    private static VectorValue Vector(string laneType, JsonElement lanes)
    {
        ImmutableArray<ScriptValue> values = [.. lanes.EnumerateArray().Select(lane => Number(laneType, Text(lane)))];
        return values.Length == 128 / Width(laneType)
            ? new VectorValue(values)
            : throw new FormatException($"{values.Length} lanes of {laneType} are no v128");
    }

    private static ScriptValue Host(string type, JsonElement value)
    {
        if (!value.TryGetProperty("value", out var number))
        {
            return new SomeValue(type);
        }

        return IsNull(number) ? new NullValue(type) : new HostValue(type, long.Parse(Text(number), CultureInfo.InvariantCulture));
    }

    private static int Width(string type) => type switch
    {
        "i8" => 8,
        "i16" => 16,
        "i32" or "f32" => 32,
        "i64" or "f64" => 64,
        _ => throw new FormatException($"no number type is called \"{type}\""),
    };

    private static bool IsNull(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals("null"));

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
