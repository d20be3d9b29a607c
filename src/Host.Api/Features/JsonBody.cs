using System.Buffers;
using System.Text.Json;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations.Json;
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
        var body = await context.RequestServices.GetRequiredService<RequestBodies>().ReadAsync(context.Request);
        try
        {
            return Parse(body) is { } value ? new JsonBody<T>(value) : throw new ProblemException(ProblemTypes.BadRequest, "The body must be a JSON object, not null.");
        }
        catch (JsonException wrong)
        {
            throw new ProblemException(
                ProblemTypes.BadRequest,
                $"The body is not the JSON that is expected here (line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}).",
                wrong);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    private static T? Parse(ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var value = JsonSerializer.Deserialize<T>(ref reader, JsonSerializerOptions.Web);
        // Throws when something follows.
        reader.Read();
        return value;
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
