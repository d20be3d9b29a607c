using HostService.Host.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostService.Host.Features.Tenants;

internal static class ListTenants
{
    /// <summary>The tenants, by name.</summary>
    public sealed record Response(IReadOnlyList<StoredTenant> Items);

    public static void Map(RouteGroupBuilder tenants) => tenants
        .MapGet("", HandleAsync)
        .WithName(nameof(ListTenants))
        .WithSummary("Lists the tenants.")
        .Produces<Response>();

    private static async Task<Ok<Response>> HandleAsync(ITenantStore tenants, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Response(await tenants.ListTenantsAsync(cancellationToken)));
}
