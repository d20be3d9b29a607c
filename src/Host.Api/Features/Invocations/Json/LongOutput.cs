using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Writes the answer of a command that wrote much, a piece after the other.</summary>
/// <remarks>
/// A byte of output can be six of JSON (<c>\u0000</c>). A writer that is given all of it at once takes that much memory beside the output, whatever is in it,
/// and refuses what could become a gigabyte. Piece by piece, the answer is never held: what the output takes is all that it takes.
/// </remarks>
internal static class LongOutput
{
    /// <summary>Shorter output is written at once, with a <c>Content-Length</c>.</summary>
    public const int Threshold = 64 << 10;

    private const int PieceBytes = 16 << 10;

    /// <summary>Writes as <see cref="CallAnswer"/> does.</summary>
    public static async Task WriteAsync(
        PipeWriter body, JsonWriterOptions options, int exitCode, ReadOnlyMemory<byte> output, ReadOnlyMemory<byte> error, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(body, options);
        writer.WriteStartObject();
        writer.WriteNumber("exitCode"u8, exitCode);
        await WriteAsync(writer, body, "stdout", output, cancellationToken);
        await WriteAsync(writer, body, "stderr", error, cancellationToken);
        writer.WriteEndObject();
        writer.Flush();
        await body.FlushAsync(cancellationToken);
    }

    private static async Task WriteAsync(Utf8JsonWriter writer, PipeWriter body, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var isText = Utf8.IsValid(bytes.Span);
        writer.WritePropertyName(isText ? name : name + "Base64");
        do
        {
            var piece = bytes[..Math.Min(PieceBytes, bytes.Length)];
            bytes = bytes[piece.Length..];
            if (isText)
            {
                writer.WriteStringValueSegment(piece.Span, isFinalSegment: bytes.IsEmpty);
            }
            else
            {
                writer.WriteBase64StringSegment(piece.Span, isFinalSegment: bytes.IsEmpty);
            }

            writer.Flush();
            await body.FlushAsync(cancellationToken);
        }
        while (!bytes.IsEmpty);
    }
}
