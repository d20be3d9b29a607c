using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using HostService.Runtime;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Writes the answers to calls.</summary>
internal static class CallAnswer
{
    private const string ContentType = "application/json";

    // What can't break out of JSON is not escaped: programs print quotes, angle brackets and all of Unicode.
    private static readonly JsonWriterOptions s_options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    // Where results are written before it is known how many bytes they take.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_results;

    /// <summary><c>{"results":[…],"durationMs":…}</c></summary>
    public static Task WriteAsync(HttpResponse response, InvocationResult<Value[]> result)
    {
        var buffer = s_results ??= new ArrayBufferWriter<byte>(512);
        buffer.ResetWrittenCount();
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
        // A copy, because this thread may have the next answer to write before this one is on its way.
        return SendAsync(response, buffer.WrittenSpan.ToArray());
    }

    /// <summary><c>{"exitCode":…,"stdout":"…","stderr":"…"}</c>, with <c>stdoutBase64</c> and <c>stderrBase64</c> for what is not UTF-8.</summary>
    /// <param name="response">Where it goes.</param>
    /// <param name="exitCode">The command's exit code.</param>
    /// <param name="command">What it printed.</param>
    /// <param name="patience">How long the client has for taking a long answer, whose memory is held until then.</param>
    public static Task WriteAsync(HttpResponse response, int exitCode, CommandInvocation command, TimeSpan patience)
    {
        var (output, error) = (command.Output.Bytes, command.Error.Bytes);
        if (output.Length + (long)error.Length > LongOutput.Threshold)
        {
            return SendLongAsync(response, exitCode, output, error, patience);
        }

        var buffer = new ArrayBufferWriter<byte>(256 + output.Length + error.Length);
        var writer = Begin(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("exitCode"u8, exitCode);
        WriteOutput(writer, "stdout", output.Span);
        WriteOutput(writer, "stderr", error.Span);
        WriteEnd(writer);
        return SendAsync(response, buffer.WrittenMemory);
    }

    private static async Task SendLongAsync(HttpResponse response, int exitCode, ReadOnlyMemory<byte> output, ReadOnlyMemory<byte> error, TimeSpan patience)
    {
        response.ContentType = ContentType;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(response.HttpContext.RequestAborted);
        limited.CancelAfter(patience);
        try
        {
            await LongOutput.WriteAsync(response.BodyWriter, s_options, exitCode, output, error, limited.Token);
        }
        catch (OperationCanceledException)
        {
            // What the client has is not whole, and now looks like it.
            response.HttpContext.Abort();
        }
    }

    private static void WriteOutput(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            writer.WriteString(name, bytes);
        }
        else
        {
            writer.WriteBase64String(name + "Base64", bytes);
        }
    }

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

    private static Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, response.HttpContext.RequestAborted).AsTask();
    }
}
