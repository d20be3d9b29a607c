using System.Globalization;
using System.Text.Json.Nodes;
using HostService.Host.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>Problems in the API's description: for each status of an operation, the types that it can have there.</summary>
internal static class OpenApiProblems
{
    private const string ContentType = "application/problem+json";
    private const string Schema = "Problem";

    /// <summary>Adds the answers of an operation that are problems.</summary>
    public static void Describe(OpenApiResponses responses, IEnumerable<ProblemType> types, OpenApiDocument document)
    {
        foreach (var status in types.Distinct().GroupBy(type => type.Status).OrderBy(group => group.Key))
        {
            responses[status.Key.ToString(CultureInfo.InvariantCulture)] = Response([.. status], document);
        }
    }

    /// <summary>Adds what all problems have in common.</summary>
    public static async Task AddSchemaAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken) => document.AddComponent<IOpenApiSchema>(Schema, new OpenApiSchema
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457. Programs compare type; detail is for people; traceId finds the request in logs and traces. The other members come with some types.",
        Required = new HashSet<string> { "type", "title", "status", "detail", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("urn:hostservice:problem: and a word or several."),
            ["title"] = Text("What the type means."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
            ["detail"] = Text("What was wrong this time."),
            ["traceId"] = Text("The request's id in logs and traces."),
            ["reason"] = Text("malformed-module, invalid-module: the specification's words."),
            ["offset"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "malformed-module, invalid-module: where, in bytes from the start of the binary." },
            ["function"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "invalid-module: the index of the function that is invalid." },
            ["imports"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String }, Description = "unlinkable-module: each import that is not there." },
            ["exitCode"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "function-failed: the guest's exit code." },
            ["limit"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["cpu", "wall"], Description = "deadline-exceeded: which time ran out." },
            ["milliseconds"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "deadline-exceeded: how much of it there was." },
            ["trap"] = await context.GetOrCreateSchemaAsync(typeof(TrapDetails), null, cancellationToken),
        },
    });

    private static OpenApiResponse Response(IReadOnlyList<ProblemType> types, OpenApiDocument document) => new()
    {
        Description = string.Join(' ', types.Select(type => type.Title)),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [ContentType] = new()
            {
                Schema = new OpenApiSchema
                {
                    AllOf = [new OpenApiSchemaReference(Schema, document)],
                    Properties = new Dictionary<string, IOpenApiSchema> { ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. types.Select(type => (JsonNode)type.Uri)] } },
                },
            },
        },
        Headers = Headers(types[0].Status),
    };

    private static Dictionary<string, IOpenApiHeader>? Headers(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => new() { ["WWW-Authenticate"] = Header("Bearer.") },
        StatusCodes.Status429TooManyRequests => new() { ["Retry-After"] = Header("After how many seconds to try again.") },
        StatusCodes.Status416RangeNotSatisfiable => new() { ["Content-Range"] = Header("How long the whole is: bytes */length.") },
        _ => null,
    };

    /// <summary>A header of an answer.</summary>
    public static OpenApiHeader Header(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
