using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using HostService.Runtime;
using HostService.Runtime.Types;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>WebAssembly's numbers in JSON, as Protocol Buffers map theirs.</summary>
/// <remarks>
/// Going in, every type is a JSON number or a string of one, and the floats also <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>. Coming out, i64 is a string, because
/// a JSON number is exact only up to 2^53 for most readers, and a float is the shortest text that reads back as the same value of its type. i32 is signed both ways.
/// <see href="https://protobuf.dev/programming-guides/json/">ProtoJSON</see>
/// </remarks>
internal static class JsonNumbers
{
    private const int MaxDigits = 400; // an f64 written out in full has at most 1 + 309 before the point; nobody writes more after it

    private const string NoNumber = "is no decimal number";

    /// <summary>Reads the token that a reader stands on.</summary>
    /// <param name="reader">On a number or a string.</param>
    /// <param name="kind">A number type of WebAssembly.</param>
    /// <param name="value">The value, when the result is null.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(ref Utf8JsonReader reader, ValueKind kind, out Value value)
    {
        value = default;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            return "must be a number, or a string of one";
        }

        scoped Span<byte> buffer = stackalloc byte[MaxDigits];
        if ((reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length) > buffer.Length)
        {
            return "is too long for a number";
        }

        scoped ReadOnlySpan<byte> text;
        if (reader.TokenType == JsonTokenType.String)
        {
            text = buffer[..reader.CopyString(buffer)];
        }
        else if (reader.HasValueSequence)
        {
            reader.ValueSequence.CopyTo(buffer);
            text = buffer[..(int)reader.ValueSequence.Length];
        }
        else
        {
            text = reader.ValueSpan;
        }

        return kind switch
        {
            ValueKind.I32 => ReadInteger(text, int.MinValue, int.MaxValue, "i32", static number => Value.FromI32((int)number), out value),
            ValueKind.I64 => ReadInteger(text, long.MinValue, long.MaxValue, "i64", Value.FromI64, out value),
            ValueKind.F32 => ReadFloat<float>(text, "f32", Value.FromF32, out value),
            _ => ReadFloat<double>(text, "f64", Value.FromF64, out value),
        };
    }

    /// <summary>Writes a number as an element of an array.</summary>
    public static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.I32:
                writer.WriteNumberValue(value.I32);
                break;
            case ValueKind.I64:
                Span<byte> digits = stackalloc byte[20];
                _ = value.I64.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
                writer.WriteStringValue(digits[..length]);
                break;
            case ValueKind.F32 when float.IsFinite(value.F32):
                writer.WriteNumberValue(value.F32);
                break;
            case ValueKind.F32:
                writer.WriteStringValue(NameOf(value.F32));
                break;
            case ValueKind.F64 when double.IsFinite(value.F64):
                writer.WriteNumberValue(value.F64);
                break;
            default:
                writer.WriteStringValue(NameOf(value.F64));
                break;
        }
    }

    private static string? ReadInteger(ReadOnlySpan<byte> text, long minimum, long maximum, string type, Func<long, Value> make, out Value value)
    {
        value = default;
        if (!DecimalText.TryParse(text, out var number))
        {
            return NoNumber;
        }

        // 1e3 and 2.0 are integers in another dress.
        switch (number.ToInt64(out var integer))
        {
            case DecimalText.Fit.HasFraction:
                return $"has a fraction, which {type} can't hold";
            case DecimalText.Fit.OutOfRange:
            case DecimalText.Fit.Exact when integer < minimum || integer > maximum:
                return $"is out of range for {type}, which is signed";
        }

        value = make(integer);
        return null;
    }

    // Read as the type it becomes: an f32 by way of a double would be rounded twice.
    private static string? ReadFloat<T>(ReadOnlySpan<byte> text, string type, Func<T, Value> make, out Value value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        value = default;
        if (Named<T>(text) is { } named)
        {
            value = make(named);
            return null;
        }

        if (!DecimalText.TryParse(text, out _) || !T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return NoNumber;
        }

        if (!T.IsFinite(number))
        {
            return $"is out of range for {type}";
        }

        value = make(number);
        return null;
    }

    private static T? Named<T>(ReadOnlySpan<byte> text)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        text.SequenceEqual("NaN"u8) ? T.NaN
        : text.SequenceEqual("Infinity"u8) ? T.PositiveInfinity
        : text.SequenceEqual("-Infinity"u8) ? T.NegativeInfinity
        : null;

    private static string NameOf(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
