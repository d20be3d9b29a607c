using System.Buffers;
using System.IO.Pipelines;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations.Json;

namespace HostService.Host.Features.Invocations.Cgi;

/// <summary>The request's body as standard input. Waits for the client on the guest's own thread, as long as the deadline allows.</summary>
internal sealed class CgiInput(HttpContext http, long maxBytes, CancellationToken cancellationToken) : GuestStream
{
    private readonly PipeReader _body = http.Request.BodyReader;
    private long _read;

    public override bool CanRead => true;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var result = Next();
        var available = result.Buffer.Slice(0, Math.Min(buffer.Length, result.Buffer.Length));
        available.CopyTo(buffer);
        var count = (int)available.Length;
        _body.AdvanceTo(available.End);
        _read += count;
        // Not an IOException: those are the guest's to deal with, this ends it.
        return _read <= maxBytes ? count : throw RequestBody.TooLarge(maxBytes);
    }

    private ReadResult Next()
    {
        try
        {
            var reading = _body.ReadAsync(cancellationToken);
            return reading.IsCompletedSuccessfully ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
        }
        catch (BadHttpRequestException bad)
        {
            // An IOException as well. The client is told what it did wrong, rather than the guest that its input failed.
            throw bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? RequestBody.TooLarge(maxBytes)
                : new ProblemException(ProblemTypes.BadRequest, bad.Message, bad);
        }
        catch (IOException broken)
        {
            // The client has gone in the middle of its body: there is nobody to go on for.
            http.Abort();
            throw new OperationCanceledException("The connection broke off in the middle of the request's body.", broken, http.RequestAborted);
        }
    }
}
