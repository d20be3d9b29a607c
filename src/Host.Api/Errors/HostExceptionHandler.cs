using HostService.Host.Features.Invocations;
using HostService.Host.Features.Invocations.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace HostService.Host.Errors;

/// <summary>The one place where exceptions become answers.</summary>
internal sealed partial class HostExceptionHandler(IOptions<ExecutionLimits> limits, ILogger<HostExceptionHandler> logger) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException)
        {
            // Deadlines are problems; what is cancelled otherwise is cancelled because the client has gone. Nobody is there to read an answer; the status is for metrics.
            httpContext.Response.StatusCode = ClientClosedRequest;
            return true;
        }

        if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            // The server's own limit is this one, and it does not know what the setting is called.
            exception = RequestBody.TooLarge(limits.Value.MaxRequestBytes);
        }

        var details = Problems.Of(exception, httpContext.Features.Get<InvokedModule>()?.Name);
        if (details is null)
        {
            LogFailure(exception);
            // The exception's text is for the log: it may name what is none of the client's business.
            details = Problems.Details(ProblemTypes.Internal, "The service failed; its log says why.");
        }
        else if (details.Status == StatusCodes.Status503ServiceUnavailable)
        {
            LogFailure(exception);
        }

        if (details.Status == StatusCodes.Status429TooManyRequests)
        {
            httpContext.Response.Headers.RetryAfter = "1";
        }

        await TypedResults.Problem(details).ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(1, LogLevel.Error, "The request failed.")]
    private partial void LogFailure(Exception exception);
}
