using HostService.Host.Errors;
using HostService.Host.Storage;
using Microsoft.OpenApi;

namespace HostService.Host.Features.Tenants;

internal static class CreateTenant
{
    /// <summary>The tenant to make.</summary>
    /// <param name="Id">Its name.</param>
    public sealed record Request(string? Id);

    /// <summary>The tenant that was made.</summary>
    public sealed record Response(string Id, DateTimeOffset CreatedAt);

    public static void Map(RouteGroupBuilder tenants) => tenants
        .MapPost("", HandleAsync)
        .WithName(nameof(CreateTenant))
        .WithSummary("Makes a tenant.")
        .WithMetadata(JsonBody.Describe("id", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Names.Pattern, Description = "The tenant's name." }))
        .Produces<Response>(StatusCodes.Status201Created)
        .Answers(ProblemTypes.BadRequest, ProblemTypes.BadName, ProblemTypes.TenantExists, ProblemTypes.RequestTooLarge, ProblemTypes.StorageUnavailable);

    private static async Task<IResult> HandleAsync(JsonBody<Request> body, ITenantStore tenants, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Names.IsName(body.Value.Id))
        {
            return Problems.BadName(body.Value.Id ?? "");
        }

        var now = time.GetUtcNow();
        return await tenants.AddTenantAsync(body.Value.Id!, now, cancellationToken)
            ? TypedResults.Created((string?)null, new Response(body.Value.Id!, now))
            : Problems.Of(ProblemTypes.TenantExists, $"The tenant \"{body.Value.Id}\" exists already.");
    }
}
