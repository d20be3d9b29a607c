using System.Text.Json;
using HostService.Host.Errors;
using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>A request's body as JSON, whatever content type the client says it has: <c>curl -d</c> says it is a form.</summary>
/// <param name="Value">What was read.</param>
internal sealed record JsonBody<T>(T Value)
    where T : class
{
    /// <summary>Called by minimal APIs to fill a handler's parameter.</summary>
    /// <exception cref="ProblemException">The body is no such JSON.</exception>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted) is { } value
                ? new JsonBody<T>(value)
                : throw new ProblemException(ProblemTypes.BadRequest, "The body must be a JSON object, not null.");
        }
        catch (JsonException wrong)
        {
            throw new ProblemException(
                ProblemTypes.BadRequest,
                $"The body is not the JSON that is expected here (line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}).",
                wrong);
        }
    }
}

/// <summary>Describes bodies of one member.</summary>
internal static class JsonBody
{
    public static RequestBodyDescription Describe(string member, OpenApiSchema schema) => new("application/json", Required: true, new OpenApiSchema
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { member },
        Properties = new Dictionary<string, IOpenApiSchema> { [member] = schema },
    });
}
