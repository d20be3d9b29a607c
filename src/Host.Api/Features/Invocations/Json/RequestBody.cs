using System.Buffers;
using System.IO.Pipelines;
using HostService.Host.Errors;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Reads a request's body whole, up to a limit.</summary>
internal static class RequestBody
{
    /// <summary>The body. <see cref="PipeReader.AdvanceTo(SequencePosition)"/> its end when it was used; nothing is copied.</summary>
    /// <exception cref="ProblemException">It has more bytes than that.</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > maxBytes)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                throw TooLarge(maxBytes);
            }

            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>What a body that is too large is answered with.</summary>
    public static ProblemException TooLarge(long maxBytes) =>
        new(ProblemTypes.RequestTooLarge, $"A request's body may have {maxBytes} bytes (HostService__Limits__MaxRequestBytes).");
}
