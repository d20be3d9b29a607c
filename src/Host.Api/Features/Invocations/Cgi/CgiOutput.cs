using System.IO.Pipelines;
using HostService.Host.Errors;

namespace HostService.Host.Features.Invocations.Cgi;

/// <summary>Standard output as the response: first the headers, then the body as it is written.</summary>
/// <remarks>
/// Each write is passed on at once, since only the guest knows when it will write again. A client that reads slowly makes the guest wait, on its own thread and within its
/// deadline. The request's thread leaves the response alone until the guest has ended.
/// </remarks>
internal sealed class CgiOutput(HttpContext http, OutputBudget budget, CancellationToken cancellationToken) : GuestStream
{
    private const int ChunkBytes = 32 << 10;

    private byte[] _block = new byte[128]; // a content type and a line or two
    private int _blockLength;
    private bool _hasBody;
    private long? _bytesLeft; // of what Content-Length promised; null when it promised nothing

    public override bool CanWrite => true;

    /// <summary>Whether the headers are complete, and with them the response's beginning.</summary>
    public bool HeadersDone { get; private set; }

    /// <summary>Checks, when the guest has ended well, that it wrote as much as it said it would.</summary>
    /// <exception cref="ProblemException">It wrote less.</exception>
    public void Finish()
    {
        if (_bytesLeft > 0)
        {
            throw CgiHeaders.Bad($"Its body is {_bytesLeft} bytes shorter than its Content-Length says.");
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        budget.Take(buffer.Length);
        if (!HeadersDone)
        {
            buffer = buffer[TakeHeaders(buffer)..];
            if (!HeadersDone)
            {
                return;
            }

            if (buffer.IsEmpty)
            {
                // The client sees the headers now, however long the body takes to come.
                Wait(http.Response.BodyWriter.FlushAsync(cancellationToken));
                return;
            }
        }

        if (_hasBody)
        {
            WriteBody(buffer);
        }
    }

    // Collects the header block; answers how many of the bytes were a part of it.
    private int TakeHeaders(ReadOnlySpan<byte> bytes)
    {
        var before = _blockLength;
        if (before + bytes.Length > _block.Length)
        {
            Array.Resize(ref _block, Math.Min(Math.Max(_block.Length * 2, before + bytes.Length), CgiHeaders.MaxBytes + 1));
        }

        var taken = Math.Min(bytes.Length, _block.Length - before);
        bytes[..taken].CopyTo(_block.AsSpan(before));
        _blockLength += taken;
        var length = CgiHeaders.LengthOf(_block.AsSpan(0, _blockLength));
        if (length == 0)
        {
            return _blockLength <= CgiHeaders.MaxBytes ? taken : throw CgiHeaders.Bad($"Its headers have more than {CgiHeaders.MaxBytes} bytes.");
        }

        Begin(CgiHeaders.Parse(_block.AsSpan(0, length)));
        _block = [];
        return length - before;
    }

    private void Begin(CgiHeaders headers)
    {
        var response = http.Response;
        response.StatusCode = headers.Status;
        // These may have no body, and the server would refuse one.
        _hasBody = headers.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);
        foreach (var (name, value) in headers.Fields)
        {
            if (_hasBody || !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers.Append(name, value);
            }
        }

        // An answer to HEAD has the length of the body that it leaves out.
        _bytesLeft = HttpMethods.IsHead(http.Request.Method) ? null : response.ContentLength;

        HeadersDone = true;
    }

    private void WriteBody(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytesLeft)
        {
            throw CgiHeaders.Bad("Its body is longer than its Content-Length says.");
        }

        _bytesLeft -= bytes.Length;
        var writer = http.Response.BodyWriter;
        while (!bytes.IsEmpty)
        {
            var chunk = bytes[..Math.Min(bytes.Length, ChunkBytes)];
            chunk.CopyTo(writer.GetSpan(chunk.Length));
            writer.Advance(chunk.Length);
            Wait(writer.FlushAsync(cancellationToken));
            bytes = bytes[chunk.Length..];
        }
    }

    private void Wait(ValueTask<FlushResult> flushing)
    {
        var result = flushing.IsCompletedSuccessfully ? flushing.Result : flushing.AsTask().GetAwaiter().GetResult();
        if (result.IsCompleted)
        {
            throw new OperationCanceledException("The client reads no more.", http.RequestAborted);
        }
    }
}
