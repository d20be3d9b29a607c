using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

internal static class GetModule
{
    public static void Map(RouteGroupBuilder modules) => modules
        .MapGet("/{name}", Handle)
        .RequireRole(Role.Invoker)
        .WithName(nameof(GetModule))
        .WithSummary("Describes one module of the tenant.")
        .Produces<ModuleDetails>()
        .Answers(ProblemTypes.BadName, ProblemTypes.ModuleNotFound);

    private static IResult Handle(string name, TenantContext tenant, ModuleCatalog catalog) =>
        !Names.IsName(name) ? Problems.BadName(name)
        : catalog.Find(tenant.Id, name) is { } entry ? TypedResults.Ok(ModuleDetails.Of(entry.Stored, entry.Lease.Ready))
        : Problems.ModuleNotFound(name);
}
