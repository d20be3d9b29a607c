using HostService.Host.Features.Tenants;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

internal static class ListModules
{
    /// <summary>The modules of a tenant, by name.</summary>
    public sealed record Response(IReadOnlyList<ModuleDetails> Items);

    public static void Map(RouteGroupBuilder modules) => modules
        .MapGet("", HandleAsync)
        .RequireRole(Role.Invoker)
        .WithName(nameof(ListModules))
        .WithSummary("Lists the modules of the tenant.")
        .Produces<Response>();

    private static async Task<IResult> HandleAsync(TenantContext tenant, IModuleStore store, ModuleCatalog catalog, CancellationToken cancellationToken)
    {
        var modules = await store.ListAsync(tenant.Id, cancellationToken);
        return TypedResults.Ok(new Response([.. modules.Select(module => ModuleDetails.Of(module, catalog.ReadyCodeOf(module)))]));
    }
}
