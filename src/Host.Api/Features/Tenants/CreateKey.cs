using HostService.Host.Errors;
using HostService.Host.Storage;
using Microsoft.OpenApi;

namespace HostService.Host.Features.Tenants;

internal static class CreateKey
{
    /// <summary>The key to make.</summary>
    /// <param name="Role"><c>deployer</c> or <c>invoker</c>.</param>
    public sealed record Request(string? Role);

    /// <summary>The key, which is shown this once.</summary>
    public sealed record Response(string Key);

    public static void Map(RouteGroupBuilder tenants) => tenants
        .MapPost("/{tenant}/keys", HandleAsync)
        .WithName(nameof(CreateKey))
        .WithSummary("Makes a key of a tenant. The answer is the only place where it can be read.")
        .WithMetadata(JsonBody.Describe("role", new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["deployer", "invoker"], Description = "What the key allows." }))
        .Produces<Response>(StatusCodes.Status201Created)
        .WithMetadata(new ResponseHeaderDescription(StatusCodes.Status201Created, "Cache-Control", "no-store."))
        .Answers(ProblemTypes.BadRequest, ProblemTypes.BadName, ProblemTypes.TenantNotFound, ProblemTypes.RequestTooLarge, ProblemTypes.StorageUnavailable);

    private static async Task<IResult> HandleAsync(string tenant, JsonBody<Request> body, HttpContext http, ApiKeys keys, CancellationToken cancellationToken)
    {
        if (!Names.IsName(tenant))
        {
            return Problems.BadName(tenant);
        }

        if (RoleOf(body.Value.Role) is not { } role)
        {
            return Problems.Of(ProblemTypes.BadRequest, "\"role\" must be \"deployer\" or \"invoker\".");
        }

        if (await keys.CreateAsync(tenant, role, cancellationToken) is not { } key)
        {
            return Problems.Of(ProblemTypes.TenantNotFound, $"There is no tenant \"{tenant}\".");
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new Response(key));
    }

    private static Role? RoleOf(string? name) => name switch
    {
        "invoker" => Role.Invoker,
        "deployer" => Role.Deployer,
        _ => null,
    };
}
