using HostService.Host.Errors;
using HostService.Host.Storage;

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
        .Produces<Response>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(Request? request, ITenantStore tenants, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request is null)
        {
            return Problems.Of(ProblemTypes.BadRequest, "The body must be a JSON object, such as {\"id\":\"acme\"}.");
        }

        if (request.Id is not { } id || !Names.IsName(id))
        {
            return Problems.BadName(request.Id ?? "");
        }

        var now = time.GetUtcNow();
        return await tenants.AddTenantAsync(id, now, cancellationToken)
            ? TypedResults.Created((string?)null, new Response(id, now))
            : Problems.Of(ProblemTypes.TenantExists, $"The tenant \"{id}\" exists already.");
    }
}
