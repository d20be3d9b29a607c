using HostService.Host.Errors;
using HostService.Host.Storage;
using Microsoft.OpenApi;

namespace HostService.Host.Features.Tenants;

internal static class CreateTenant
{
    /// <summary>The tenant to make.</summary>
    /// <param name="Id">Its name.</param>
    public sealed record Request(string? Id);

    public static void Map(RouteGroupBuilder tenants) => tenants
        .MapPost("", HandleAsync)
        .WithName(nameof(CreateTenant))
        .WithSummary("Makes a tenant.")
        .WithMetadata(JsonBody.Describe("id", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Names.Pattern, Description = "The tenant's name." }))
        .Produces<StoredTenant>(StatusCodes.Status201Created)
        .Answers(ProblemTypes.BadRequest, ProblemTypes.BadName, ProblemTypes.TenantExists, ProblemTypes.RequestTooLarge, ProblemTypes.StorageUnavailable);

    private static async Task<IResult> HandleAsync(JsonBody<Request> body, ITenantStore tenants, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Names.IsName(body.Value.Id))
        {
            return Problems.BadName(body.Value.Id ?? "");
        }

        var made = new StoredTenant(body.Value.Id!, StoredTime.Now(time));
        return await tenants.AddTenantAsync(made.Id, made.CreatedAt, cancellationToken)
            ? TypedResults.Created((string?)null, made)
            : Problems.Of(ProblemTypes.TenantExists, $"The tenant \"{made.Id}\" exists already.");
    }
}
