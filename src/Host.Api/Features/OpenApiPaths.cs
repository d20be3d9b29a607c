using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Profiles;
using HostService.Host.Observability;
using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>The paths of the API's description that no endpoint describes: functions, which have every method there is, and metrics, which a middleware answers.</summary>
internal static class OpenApiPaths
{
    private static readonly HttpMethod[] s_shownMethods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete];

    public static void AddTo(OpenApiDocument document)
    {
        document.Paths.Add("/f/{tenant}/{name}/{path}", FunctionPath(document));
        document.Paths.Add(MetricsEndpoint.Path, MetricsPath(document));
    }

    // Every method is allowed; the description can only list some.
    private static OpenApiPathItem FunctionPath(OpenApiDocument document) => new()
    {
        Parameters =
        [
            OpenApiParts.PathParameter("tenant", "The tenant."),
            OpenApiParts.PathParameter("name", "The module."),
            OpenApiParts.PathParameter("path", "The rest of the path, which the function sees as PATH_INFO."),
            OpenApiParts.HeaderParameter(new RequestHeaderDescription(ProfileHeader.Name, ProfileHeader.Description)),
        ],
        Operations = s_shownMethods.ToDictionary(method => method, method => new OpenApiOperation
        {
            OperationId = $"HttpFunction{method.Method[0]}{method.Method[1..].ToLowerInvariant()}",
            Tags = new HashSet<OpenApiTagReference> { new("Functions", document) },
            Summary = "Sends a request to a function, which runs as a CGI program (the WAGI convention). Needs no key when the module is public.",
            Responses = FunctionResponses(document),
            Security = OpenApiParts.Security(document, isOptional: true),
        }),
    };

    private static OpenApiResponses FunctionResponses(OpenApiDocument document)
    {
        var responses = new OpenApiResponses
        {
            ["default"] = new OpenApiResponse
            {
                Description = "What the function answers.",
                Headers = new Dictionary<string, IOpenApiHeader> { [ProfileHeader.Name] = OpenApiProblems.Header(ProfileHeader.ResponseDescription) },
                Content = new Dictionary<string, OpenApiMediaType> { ["*/*"] = new() { Schema = OpenApiParts.Binary() } },
            },
        };
        OpenApiProblems.Describe(responses, HttpFunction.Answers, document);
        return responses;
    }

    private static OpenApiPathItem MetricsPath(OpenApiDocument document)
    {
        var responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse
            {
                Description = "The metrics in Prometheus's text format.",
                Content = new Dictionary<string, OpenApiMediaType> { ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } },
            },
        };
        OpenApiProblems.Describe(responses, [ProblemTypes.Unauthorized, ProblemTypes.Forbidden], document);
        return new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = new()
                {
                    OperationId = "Metrics",
                    Tags = new HashSet<OpenApiTagReference> { new("Health", document) },
                    Summary = "The service's metrics. From another machine, for the operator.",
                    Responses = responses,
                    Security = OpenApiParts.Security(document, isOptional: true),
                },
            },
        };
    }
}
