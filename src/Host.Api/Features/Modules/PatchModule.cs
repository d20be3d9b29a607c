using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.OpenApi;

namespace HostService.Host.Features.Modules;

internal static class PatchModule
{
    private static readonly OpenApiSchema s_request = new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["public"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Whether the module answers over HTTP without a key." },
            ["coreDumps"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. CoreDumpWords.All],
                Description = "Whether traps of the module leave core dumps, which hold what its memory held: on, off, or default, as the service's settings say.",
            },
        },
    };

    /// <summary>What to change.</summary>
    /// <param name="Public">Whether the module answers over HTTP without a key; absent to leave that as it is.</param>
    /// <param name="CoreDumps">Whether its traps leave core dumps, <c>on</c>, <c>off</c> or <c>default</c>; absent to leave that as it is.</param>
    public sealed record Request(bool? Public, string? CoreDumps);

    public static void Map(RouteGroupBuilder modules) => modules
        .MapPatch("/{name}", HandleAsync)
        .RequireRole(Role.Deployer)
        .WithName(nameof(PatchModule))
        .WithSummary("Changes whether a module answers over HTTP without a key, and whether its traps leave core dumps.")
        .WithDescription("What is absent stays as it is. Versions that are uploaded later keep both.")
        .WithMetadata(new RequestBodyDescription("application/json", Required: true, s_request))
        .Produces<ModuleDetails>()
        .Answers(ProblemTypes.BadRequest, ProblemTypes.BadName, ProblemTypes.ModuleNotFound, ProblemTypes.RequestTooLarge, ProblemTypes.StorageUnavailable);

    private static async Task<IResult> HandleAsync(string name, JsonBody<Request> body, TenantContext tenant, ModuleCatalog catalog)
    {
        if (!Names.IsName(name))
        {
            return Problems.BadName(name);
        }

        if (body.Value is { Public: null, CoreDumps: null })
        {
            return Problems.Of(ProblemTypes.BadRequest, "There must be \"public\", which is true or false, or \"coreDumps\", which is \"on\", \"off\" or \"default\".");
        }

        CoreDumpChoice? coreDumps = null;
        if (body.Value.CoreDumps is { } word && (coreDumps = CoreDumpWords.Parse(word)) is null)
        {
            return Problems.Of(ProblemTypes.BadRequest, "\"coreDumps\" must be \"on\", \"off\" or \"default\".");
        }

        return await catalog.ChangeAsync(tenant.Id, name, new ModuleChange(body.Value.Public, coreDumps)) is { } module
            ? TypedResults.Ok(ModuleDetails.Of(module, catalog.ReadyCodeOf(module)))
            : Problems.ModuleNotFound(name);
    }
}
