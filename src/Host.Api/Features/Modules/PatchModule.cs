using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.OpenApi;

namespace HostService.Host.Features.Modules;

internal static class PatchModule
{
    /// <summary>What to change.</summary>
    /// <param name="Public">Whether the module answers over HTTP without a key.</param>
    public sealed record Request(bool? Public);

    public static void Map(RouteGroupBuilder modules) => modules
        .MapPatch("/{name}", HandleAsync)
        .RequireRole(Role.Deployer)
        .WithName(nameof(PatchModule))
        .WithSummary("Changes whether a module answers over HTTP without a key.")
        .WithMetadata(JsonBody.Describe("public", new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Whether the module answers over HTTP without a key." }))
        .Produces<ModuleDetails>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(string name, JsonBody<Request> body, TenantContext tenant, ModuleCatalog catalog)
    {
        if (!Names.IsName(name))
        {
            return Problems.BadName(name);
        }

        if (body.Value.Public is not { } isPublic)
        {
            return Problems.Of(ProblemTypes.BadRequest, "\"public\" must be true or false.");
        }

        return await catalog.SetPublicAsync(tenant.Id, name, isPublic) is { } module
            ? TypedResults.Ok(ModuleDetails.Of(module, catalog.ReadyCodeOf(module)))
            : Problems.ModuleNotFound(name);
    }
}
