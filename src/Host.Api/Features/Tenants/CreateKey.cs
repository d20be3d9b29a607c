using HostService.Host.Errors;
using HostService.Host.Storage;
using Microsoft.OpenApi;

namespace HostService.Host.Features.Tenants;

internal static class CreateKey
{
    /// <summary>The key to make.</summary>
    /// <param name="Role"><c>deployer</c> or <c>invoker</c>.</param>
    public sealed record Request(string? Role);

    /// <summary>The key that was made.</summary>
    /// <param name="Id">By which it is revoked.</param>
    /// <param name="Key">The key itself, which is shown this once.</param>
    /// <param name="Role">What it allows.</param>
    /// <param name="CreatedAt">When it was made.</param>
    public sealed record Response(string Id, string Key, string Role, DateTimeOffset CreatedAt);

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

        if (RoleWords.OfKey(body.Value.Role) is not { } role)
        {
            return Problems.Of(ProblemTypes.BadRequest, "\"role\" must be \"deployer\" or \"invoker\".");
        }

        if (await keys.CreateAsync(tenant, role, cancellationToken) is not var (key, stored))
        {
            return Problems.TenantNotFound(tenant);
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new Response(KeyHash.IdOf(stored), key, role.Word(), stored.CreatedAt));
    }
}
