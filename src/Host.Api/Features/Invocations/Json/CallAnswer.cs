using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using HostService.Runtime;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Writes the answers to calls.</summary>
internal static class CallAnswer
{
    private const string ContentType = "application/json";

    // Longer outputs are passed on piece by piece.
    private const int PieceBytes = 64 << 10;

    // What can't break out of JSON is not escaped: programs print quotes, angle brackets and all of Unicode.
    private static readonly JsonWriterOptions s_options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    /// <summary><c>{"results":[…],"durationMs":…}</c></summary>
    public static Task WriteAsync(HttpResponse response, InvocationResult<Value[]> result)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        var writer = Begin(buffer);
        writer.WriteStartObject();
        writer.WriteStartArray("results"u8);
        foreach (var value in result.Value)
        {
            JsonNumbers.Write(writer, value);
        }

        writer.WriteEndArray();
        writer.WriteNumber("durationMs"u8, Math.Round(result.Duration.TotalMilliseconds, 3));
        WriteEnd(writer);
        return SendAsync(response, buffer);
    }

    /// <summary><c>{"exitCode":…,"stdout":"…","stderr":"…"}</c>, with <c>stdoutBase64</c> and <c>stderrBase64</c> for what is not UTF-8.</summary>
    public static Task WriteAsync(HttpResponse response, int exitCode, CommandInvocation command)
    {
        if (command.Output.Bytes.Length + command.Error.Bytes.Length > PieceBytes)
        {
            return SendInPiecesAsync(response, exitCode, command);
        }

        var buffer = new ArrayBufferWriter<byte>(256 + command.Output.Bytes.Length + command.Error.Bytes.Length);
        var writer = Begin(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("exitCode"u8, exitCode);
        foreach (var (name, bytes) in OutputsOf(command))
        {
            if (Utf8.IsValid(bytes.Span))
            {
                writer.WriteString(name, bytes.Span);
            }
            else
            {
                writer.WriteBase64String(name + "Base64", bytes.Span);
            }
        }

        WriteEnd(writer);
        return SendAsync(response, buffer);
    }

    // What a program prints may be six times as long in JSON, and clients may read slowly: as a whole, the answers to a few calls would take all the memory there is.
    private static async Task SendInPiecesAsync(HttpResponse response, int exitCode, CommandInvocation command)
    {
        response.ContentType = ContentType;
        await using var writer = new Utf8JsonWriter(response.BodyWriter, s_options);
        writer.WriteStartObject();
        writer.WriteNumber("exitCode"u8, exitCode);
        foreach (var (name, bytes) in OutputsOf(command))
        {
            var isText = Utf8.IsValid(bytes.Span);
            writer.WritePropertyName(isText ? name : name + "Base64");
            var start = 0;
            do
            {
                var piece = bytes.Slice(start, Math.Min(PieceBytes, bytes.Length - start));
                start += piece.Length;
                WritePiece(writer, piece.Span, isText, isLast: start == bytes.Length);
                writer.Flush();
                if ((await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted)).IsCompleted)
                {
                    return; // the client reads no more
                }
            }
            while (start < bytes.Length);
        }

        writer.WriteEndObject();
    }

    private static void WritePiece(Utf8JsonWriter writer, ReadOnlySpan<byte> piece, bool isText, bool isLast)
    {
        if (isText)
        {
            writer.WriteStringValueSegment(piece, isLast);
        }
        else
        {
            writer.WriteBase64StringSegment(piece, isLast);
        }
    }

    private static IEnumerable<(string Name, ReadOnlyMemory<byte> Bytes)> OutputsOf(CommandInvocation command) => [("stdout", command.Output.Bytes), ("stderr", command.Error.Bytes)];

    private static Utf8JsonWriter Begin(ArrayBufferWriter<byte> buffer)
    {
        if (s_writer is not { } writer)
        {
            return s_writer = new Utf8JsonWriter(buffer, s_options);
        }

        writer.Reset(buffer);
        return writer;
    }

    private static void WriteEnd(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.Flush();
    }

    private static Task SendAsync(HttpResponse response, ArrayBufferWriter<byte> buffer)
    {
        response.ContentType = ContentType;
        response.ContentLength = buffer.WrittenCount;
        return response.Body.WriteAsync(buffer.WrittenMemory, response.HttpContext.RequestAborted).AsTask();
    }
}
