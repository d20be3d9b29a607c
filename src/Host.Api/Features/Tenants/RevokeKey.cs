using HostService.Host.Errors;
using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

internal static class RevokeKey
{
    public static void Map(RouteGroupBuilder tenants) => tenants
        .MapDelete("/{tenant}/keys/{id}", HandleAsync)
        .WithName(nameof(RevokeKey))
        .WithSummary("Revokes a key of a tenant. Requests that present it are refused from then on; those that run go on.")
        .Produces(StatusCodes.Status204NoContent)
        .Answers(ProblemTypes.BadName, ProblemTypes.TenantNotFound, ProblemTypes.KeyNotFound, ProblemTypes.StorageUnavailable);

    private static async Task<IResult> HandleAsync(string tenant, string id, ITenantStore tenants, ApiKeys keys, CancellationToken cancellationToken) =>
        !Names.IsName(tenant) ? Problems.BadName(tenant)
        : await keys.RevokeAsync(tenant, id, cancellationToken) ? TypedResults.NoContent()
        : await tenants.TenantExistsAsync(tenant, cancellationToken) ? Problems.Of(ProblemTypes.KeyNotFound, $"The tenant \"{tenant}\" has no key \"{id}\".")
        : Problems.TenantNotFound(tenant);
}
