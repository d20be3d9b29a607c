using System.Buffers;
using System.IO.Pipelines;
using HostService.Host.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Reads a request's body whole, up to a limit.</summary>
internal static class RequestBody
{
    /// <summary>The body. <see cref="PipeReader.AdvanceTo(SequencePosition)"/> its end when it was used; nothing is copied.</summary>
    /// <exception cref="ProblemException">It has more bytes than that.</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        RefuseTooLong(request, maxBytes);
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

    /// <summary>Refuses a request that says beforehand that its body is too large.</summary>
    /// <exception cref="ProblemException">It does.</exception>
    public static void RefuseTooLong(HttpRequest request, long maxBytes)
    {
        if (request.ContentLength > maxBytes)
        {
            LiftServerLimit(request.HttpContext);
            throw TooLarge(maxBytes);
        }
    }

    /// <summary>Leaves it to this service to count a body's bytes.</summary>
    /// <remarks>
    /// Also when a request is refused unread: the server then reads a moment's worth of what is on its way. Otherwise it would close the connection with bytes unread, and the
    /// system's answer to those would overtake ours.
    /// </remarks>
    public static void LiftServerLimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    /// <summary>What a body that is too large is answered with.</summary>
    public static ProblemException TooLarge(long maxBytes) =>
        new(ProblemTypes.RequestTooLarge, $"A request's body may have {maxBytes} bytes (HostService__Limits__MaxRequestBytes).");
}
