using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostService.Host.Features.Profiles;

internal static class ListProfiles
{
    /// <summary>The tenant's profiles, the latest first.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>One profile.</summary>
    /// <param name="Id">Names it.</param>
    /// <param name="Module">What was called.</param>
    /// <param name="Function">Its function, or the path of a request to it.</param>
    /// <param name="StartedAt">When.</param>
    /// <param name="DurationMs">How long it took.</param>
    /// <param name="Samples">How many samples the profile has.</param>
    public sealed record Item(string Id, string Module, string Function, DateTimeOffset StartedAt, double DurationMs, int Samples);

    public static void Map(RouteGroupBuilder profiles) => profiles
        .MapGet("/", Handle)
        .RequireRole(Role.Deployer)
        .WithName(nameof(ListProfiles))
        .WithSummary("Lists the profiles that were taken of the tenant's invocations and are still kept.")
        .Produces<Response>();

    private static Ok<Response> Handle(TenantContext tenant, ProfileStore profiles) => TypedResults.Ok(new Response(
        [.. profiles.Of(tenant.Id).Select(profile => (Profile: profile, Content: profile.ContentNow!)).Select(kept => new Item(
            kept.Profile.Id, kept.Profile.Module, kept.Profile.Function, kept.Profile.StartedAt,
            Math.Round(kept.Content.Duration.TotalMilliseconds, 3), kept.Content.Samples))]));
}
