namespace HostService.Host.Features.Health;

/// <summary>Whether the service lives, and whether it takes requests.</summary>
internal static class HealthFeature
{
    /// <summary>The answer.</summary>
    /// <param name="Status"><c>live</c> or <c>ready</c>.</param>
    public sealed record Response(string Status);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Health");
        health.MapGet("/live", static () => TypedResults.Ok(new Response("live")))
            .WithName("Live")
            .WithSummary("Answers while the process works.");

        // The server listens only after everything that a request needs has been loaded (see HostStartup), so who can ask is answered. Modules that are
        // still being compiled make their own calls wait, not others.
        health.MapGet("/ready", static () => TypedResults.Ok(new Response("ready")))
            .WithName("Ready")
            .WithSummary("Answers when requests are taken.");
    }
}
