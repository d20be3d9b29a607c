using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using HostService.Host.Errors;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>Reads requests' bodies whole: each up to a limit and in limited time, all together within the <see cref="BufferBudget"/>. Thread-safe.</summary>
internal sealed class RequestBodies(BufferBudget budget, IOptions<ExecutionLimits> limits, TimeProvider time)
{
    // As much comes with the headers, or right after them.
    private const int ShortBytes = 4 << 10;

    /// <summary>The body. <see cref="PipeReader.AdvanceTo(SequencePosition)"/> its end when it was used; nothing is copied. Its memory is counted until the request is over.</summary>
    /// <exception cref="ProblemException">It has more bytes than it may, takes too long to come, or there is no room for it now.</exception>
    public async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpRequest request)
    {
        RequestBody.RefuseTooLong(request, limits.Value.MaxRequestBytes);
        var read = await NextAsync(request.HttpContext);
        return read.IsCompleted && read.Buffer.Length <= ShortBytes ? read.Buffer : await ReadRestAsync(request, read);
    }

    private async Task<ReadOnlySequence<byte>> ReadRestAsync(HttpRequest request, ReadResult read)
    {
        var reader = request.BodyReader;
        var share = budget.NewShare();
        request.HttpContext.Response.RegisterForDispose(share);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(limits.Value.WallMilliseconds), time);
        using var impatience = patience.Token.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        while (!read.IsCanceled)
        {
            if (Refusal(read.Buffer.Length, share) is { } refusal)
            {
                RequestBody.LiftServerLimit(request.HttpContext);
                reader.AdvanceTo(read.Buffer.End);
                throw refusal;
            }

            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await NextAsync(request.HttpContext);
        }

        throw new ProblemException(ProblemTypes.BadRequest, string.Create(
            CultureInfo.InvariantCulture, $"The request's body took longer than {limits.Value.WallMilliseconds} ms to come (HostService__Limits__{nameof(ExecutionLimits.WallMilliseconds)})."));
    }

    private static async ValueTask<ReadResult> NextAsync(HttpContext http)
    {
        try
        {
            return await http.Request.BodyReader.ReadAsync(CancellationToken.None);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            // There is nobody to answer.
            http.Abort();
            throw new OperationCanceledException("The connection broke off in the middle of the request's body.", broken, http.RequestAborted);
        }
    }

    private ProblemException? Refusal(long length, BufferBudget.Share share) =>
        length > limits.Value.MaxRequestBytes ? RequestBody.TooLarge(limits.Value.MaxRequestBytes)
        : share.TryGrowTo(length) ? null
        : new ProblemException(
            ProblemTypes.TooManyConcurrent, $"The bodies and answers of the requests that are being served take as much memory as they may (HostService__Limits__{nameof(ExecutionLimits.MaxBufferedBytes)}).");
}
