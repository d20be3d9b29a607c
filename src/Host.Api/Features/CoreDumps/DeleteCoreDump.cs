using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;

namespace HostService.Host.Features.CoreDumps;

internal static class DeleteCoreDump
{
    public static void Map(RouteGroupBuilder dumps) => dumps
        .MapDelete("/{id}", Handle)
        .RequireRole(Role.Deployer)
        .WithName(nameof(DeleteCoreDump))
        .WithSummary("Deletes a core dump, and with it what the guest's memory held.")
        .Produces(StatusCodes.Status204NoContent)
        .Answers(ProblemTypes.NotFound);

    private static IResult Handle(string id, TenantContext tenant, CoreDumpFolder dumps) =>
        dumps.Delete(tenant.Id, id) ? TypedResults.NoContent() : GetCoreDump.NoneOf(id);
}
