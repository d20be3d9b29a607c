using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;

namespace HostService.Host.Features.Modules;

internal static class DeleteModule
{
    public static void Map(RouteGroupBuilder modules) => modules
        .MapDelete("/{name}", HandleAsync)
        .RequireRole(Role.Deployer)
        .WithName(nameof(DeleteModule))
        .WithSummary("Removes a module with all of its versions. Invocations that run go on.")
        .Produces(StatusCodes.Status204NoContent)
        .Answers(ProblemTypes.BadName, ProblemTypes.ModuleNotFound, ProblemTypes.StorageUnavailable);

    private static async Task<IResult> HandleAsync(string name, TenantContext tenant, ModuleCatalog catalog) =>
        !Names.IsName(name) ? Problems.BadName(name)
        : await catalog.DeleteAsync(tenant.Id, name) ? TypedResults.NoContent()
        : Problems.ModuleNotFound(name);
}
