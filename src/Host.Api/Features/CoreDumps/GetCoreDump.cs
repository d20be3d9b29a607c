using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;

namespace HostService.Host.Features.CoreDumps;

internal static class GetCoreDump
{
    public static void Map(RouteGroupBuilder dumps) => dumps
        .MapGet("/{id}", Handle)
        .RequireRole(Role.Deployer)
        .WithName(nameof(GetCoreDump))
        .WithSummary("Gives a core dump, in the format of WebAssembly's tool conventions.")
        .Produces<byte[]>(StatusCodes.Status200OK, "application/wasm")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult Handle(string id, TenantContext tenant, CoreDumpFolder dumps) =>
        dumps.Open(tenant.Id, id) is var (dump, content)
            ? TypedResults.Stream(content, "application/wasm", Path.GetFileName(dump.Path), dump.CreatedAt, enableRangeProcessing: true)
            : NoneOf(id);

    public static IResult NoneOf(string id) => Problems.Of(ProblemTypes.NotFound, $"There is no core dump \"{id}\": only the latest are kept.");
}
