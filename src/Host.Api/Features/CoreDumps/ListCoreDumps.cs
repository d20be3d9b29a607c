using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HostService.Host.Features.CoreDumps;

internal static class ListCoreDumps
{
    /// <summary>The core dumps of a tenant, the latest first.</summary>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <summary>One core dump.</summary>
    /// <param name="Id">By which it is fetched.</param>
    /// <param name="Module">What trapped; null for dumps of earlier versions of the service.</param>
    /// <param name="SizeBytes">How long it is.</param>
    /// <param name="CreatedAt">When it was written.</param>
    public sealed record Item(string Id, string? Module, long SizeBytes, DateTimeOffset CreatedAt);

    public static void Map(RouteGroupBuilder dumps) => dumps
        .MapGet("", Handle)
        .RequireRole(Role.Deployer)
        .WithName(nameof(ListCoreDumps))
        .WithSummary("Lists the core dumps of the tenant, the latest first.")
        .Produces<Response>();

    private static Ok<Response> Handle(TenantContext tenant, CoreDumpFolder dumps) => TypedResults.Ok(
        new Response([.. dumps.Of(tenant.Id).Select(dump => new Item(dump.Id, dump.Module, dump.SizeBytes, dump.CreatedAt))]));
}
