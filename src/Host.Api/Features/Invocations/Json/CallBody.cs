using System.Buffers;
using System.Text.Json;
using HostService.Host.Errors;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>What the bodies of both kinds of call have in common: one JSON object, or nothing at all. Members that nobody knows are skipped.</summary>
internal static class CallBody
{
    /// <summary>Reads the value of a known member, on whose name the reader stands; does nothing for others.</summary>
    public delegate void MemberReader<TState>(ref Utf8JsonReader reader, TState state);

    /// <summary>Reads a body, member by member.</summary>
    /// <exception cref="ProblemException">It is not a JSON object.</exception>
    public static void Read<TState>(ReadOnlySequence<byte> body, TState state, MemberReader<TState> member)
    {
        if (body.IsEmpty)
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new ProblemException(ProblemTypes.BadArguments, "The body must be a JSON object, such as {\"args\":[]}.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                member(ref reader, state);
                // Past the value, when the member reader left it alone, or nothing.
                reader.Skip();
            }

            // Throws when something follows the object.
            reader.Read();
        }
        catch (InvalidOperationException invalid)
        {
            // Of the reader, which looks at what is inside a string only when somebody asks for it: half of a surrogate pair, or bytes that are not UTF-8.
            throw new ProblemException(ProblemTypes.BadArguments, "The body has a string that is no valid Unicode text.", invalid);
        }
        catch (JsonException malformed)
        {
            throw new ProblemException(ProblemTypes.BadArguments, $"The body is no JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}).", malformed);
        }
    }

    /// <summary>Steps into the array that is a member's value.</summary>
    /// <exception cref="ProblemException">It is not an array.</exception>
    public static void BeginArray(ref Utf8JsonReader reader, string name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw new ProblemException(ProblemTypes.BadArguments, $"\"{name}\" must be an array.");
        }
    }

    /// <summary>The string that the reader stands on.</summary>
    /// <exception cref="ProblemException">It is not a string, or one that is no Unicode text.</exception>
    public static string Text(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new ProblemException(ProblemTypes.BadArguments, $"{name} must be a string.");
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException invalid)
        {
            throw new ProblemException(ProblemTypes.BadArguments, $"{name} is no valid Unicode text.", invalid);
        }
    }

    /// <summary>As <see cref="Text"/>, in UTF-8.</summary>
    /// <exception cref="ProblemException">It is not a string, or one that is no Unicode text.</exception>
    public static byte[] Utf8(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new ProblemException(ProblemTypes.BadArguments, $"{name} must be a string.");
        }

        // What is escaped is longer than the text.
        var text = new byte[checked((int)(reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length))];
        try
        {
            var length = reader.CopyString(text);
            return length == text.Length ? text : text[..length];
        }
        catch (InvalidOperationException invalid)
        {
            throw new ProblemException(ProblemTypes.BadArguments, $"{name} is no valid Unicode text.", invalid);
        }
    }

    /// <summary>As <see cref="Text"/>, for a string that ends at its first zero byte once a program has it.</summary>
    /// <exception cref="ProblemException">It is not a string, or has such a byte.</exception>
    public static string TextWithoutZero(ref Utf8JsonReader reader, string name)
    {
        var text = Text(ref reader, name);
        return text.Contains('\0') ? throw new ProblemException(ProblemTypes.BadArguments, $"{name} must not contain the character U+0000.") : text;
    }
}
