using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Invocations.Json;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace HostService.Host.Features.Modules;

internal static class UploadModule
{
    public static void Map(RouteGroupBuilder modules) => modules
        .MapPut("/{name}", HandleAsync)
        .RequireRole(Role.Deployer)
        .WithName(nameof(UploadModule))
        .WithSummary("Uploads a binary as the current version of a module.")
        .WithDescription("The body is the binary. It is validated, compiled and linked before the answer comes; one that cannot run here is refused with the reason.")
        .WithMetadata(new RequestBodyDescription("application/wasm", Required: true, new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }))
        .Produces<ModuleDetails>(StatusCodes.Status200OK)
        .Produces<ModuleDetails>(StatusCodes.Status201Created)
        .WithMetadata(new ResponseHeaderDescription(StatusCodes.Status201Created, "Location", "Where the module is described."))
        .Answers(ProblemTypes.BadRequest, ProblemTypes.BadName, ProblemTypes.ModuleTooLarge, ProblemTypes.MalformedModule, ProblemTypes.InvalidModule, ProblemTypes.UnlinkableModule, ProblemTypes.UnsupportedModule, ProblemTypes.CompilationUnavailable, ProblemTypes.StorageUnavailable);

    private static async Task<IResult> HandleAsync(
        string name,
        HttpContext http,
        TenantContext tenant,
        IModuleStore store,
        ModuleCatalog catalog,
        CompiledModules compiled,
        IOptions<ExecutionLimits> limits,
        CancellationToken cancellationToken)
    {
        if (!Names.IsName(name))
        {
            return Problems.BadName(name);
        }

        var maxBytes = limits.Value.MaxModuleBytes;
        // The store counts, and its refusal says which limit it was.
        RequestBody.LiftServerLimit(http);
        if (http.Request.ContentLength > maxBytes)
        {
            throw new BinaryTooLargeException(maxBytes);
        }

        await using var binary = await store.StageAsync(http.Request.Body, maxBytes, cancellationToken);
        using var lease = compiled.Acquire(binary.Digest);
        var code = lease.Ready ?? await lease.GetAsync(binary, cancellationToken);
        var (module, created) = await catalog.AddVersionAsync(tenant.Id, name, binary, code);
        var details = ModuleDetails.Of(module, code);
        return created ? TypedResults.Created($"/v1/modules/{name}", details) : TypedResults.Ok(details);
    }
}
