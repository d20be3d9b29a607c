using HostService.Host.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace HostService.Host.Features.Invocations.Json;

/// <summary>The limit on a request's body.</summary>
internal static class RequestBody
{
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
