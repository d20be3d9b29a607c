using System.Diagnostics;

namespace HostService.Host.Errors;

/// <summary>Writes problem documents, whatever the client says it accepts: the framework's own writer leaves those who accept HTML only without a trace id.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    private const string ContentType = "application/problem+json";

    /// <summary>Under this name a problem has the id that finds its request in logs and traces.</summary>
    private const string TraceIdMember = "traceId";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        context.ProblemDetails.Extensions[TraceIdMember] = Activity.Current?.Id ?? http.TraceIdentifier;
        return new ValueTask(http.Response.WriteAsJsonAsync(context.ProblemDetails, context.ProblemDetails.GetType(), options: null, ContentType, http.RequestAborted));
    }
}
