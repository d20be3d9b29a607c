using System.Net;
using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;

namespace HostService.Host.Observability;

/// <summary><c>/metrics</c>: open to this machine, elsewhere to the operator.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Where it is.</summary>
    public const string Path = "/metrics";

    public static void UseMetrics(this WebApplication app)
    {
        app.UseWhen(IsAsked, metrics => metrics.Use(ProtectAsync));
        // By the same condition: a path given to it would also let through what only begins with that.
        app.UseOpenTelemetryPrometheusScrapingEndpoint(IsAsked);
    }

    private static bool IsAsked(HttpContext context) => context.Request.Path == Path;

    private static async Task ProtectAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsFromHere(context))
        {
            var keys = context.RequestServices.GetRequiredService<ApiKeys>();
            if (await keys.AuthenticateAsync(context) is not { } caller)
            {
                await ApiKeyAuthentication.Unauthorized(context).ExecuteAsync(context);
                return;
            }

            if (caller.Role != Role.Operator)
            {
                await Problems.Of(ProblemTypes.Forbidden, "Only the operator may read metrics from another machine.").ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    // What a proxy on this machine passes on comes from somewhere else.
    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded");
}
