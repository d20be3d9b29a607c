using HostService.Host.Errors;
using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

internal static class ListKeys
{
    /// <summary>The keys of a tenant, the oldest first.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>One key, without the key itself: only its hash is stored.</summary>
    /// <param name="Id">By which it is revoked: the first 16 hexadecimal digits of the key's SHA-256.</param>
    /// <param name="Role">What it allows.</param>
    /// <param name="CreatedAt">When it was made.</param>
    /// <param name="LastUsedAt">When it was presented last, to the minute; null when it never was.</param>
    public sealed record Item(string Id, string Role, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    public static void Map(RouteGroupBuilder tenants) => tenants
        .MapGet("/{tenant}/keys", HandleAsync)
        .WithName(nameof(ListKeys))
        .WithSummary("Lists the keys of a tenant: what each may do and when it was used last, not the keys themselves.")
        .Produces<Response>()
        .Answers(ProblemTypes.BadName, ProblemTypes.TenantNotFound);

    private static async Task<IResult> HandleAsync(string tenant, ITenantStore tenants, ApiKeys keys, CancellationToken cancellationToken) =>
        !Names.IsName(tenant) ? Problems.BadName(tenant)
        : !await tenants.TenantExistsAsync(tenant, cancellationToken) ? Problems.TenantNotFound(tenant)
        : TypedResults.Ok(new Response([.. (await keys.ListAsync(tenant, cancellationToken)).Select(key => new Item(KeyHash.IdOf(key), key.Role.Word(), key.CreatedAt, key.LastUsedAt))]));
}
