using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations;
using HostService.Host.Features.Profiles;
using HostService.Host.Features.Tenants;
using HostService.Host.Observability;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>The description of the API at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApi
{
    private const string BearerScheme = "bearer";
    private const string Wasm = "application/wasm";
    private static readonly HttpMethod[] s_shownMethods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete];

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services
        .AddSingleton<ApiDescription>()
        .AddOpenApi(ApiDescription.Name, options =>
        {
            // What answers GET answers HEAD; nobody describes that.
            options.ShouldInclude = endpoint => endpoint.HttpMethod != HttpMethods.Head;
            options.CreateSchemaReferenceId = NameOf;
            options.AddDocumentTransformer(DescribeAsync);
            options.AddOperationTransformer(DescribeOperationAsync);
        });

    public static void MapApiDescription(this IEndpointRouteBuilder app) => app
        .MapGet("/openapi/v1.json", static (ApiDescription description) => description.AnswerAsync())
        .ExcludeFromDescription();

    // Endpoints have their answers nested in them, and several of those have the same name.
    private static string? NameOf(JsonTypeInfo type) => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name
        ? type.Type.DeclaringType is { } endpoint ? endpoint.Name + name : name
        : null;

    private static async Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "HostService",
            Version = ApiDescription.Name,
            Description = "Uploads WebAssembly modules and calls their functions, each call in a fresh sandbox. What answers GET answers HEAD too. Errors are RFC 9457 problem details whose type is urn:hostservice:problem:<slug>.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[BearerScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A tenant's key (role invoker or deployer), or the operator's.",
        };
        await OpenApiProblems.AddSchemaAsync(document, context, cancellationToken);
        document.Paths.Add("/f/{tenant}/{name}/{path}", FunctionPath(document));
        document.Paths.Add(MetricsEndpoint.Path, MetricsPath(document));
    }

    // Every method is allowed; the description can only list some.
    private static OpenApiPathItem FunctionPath(OpenApiDocument document) => new()
    {
        Parameters = [PathParameter("tenant", "The tenant."), PathParameter("name", "The module."), PathParameter("path", "The rest of the path, which the function sees as PATH_INFO."), HeaderParameter(new RequestHeaderDescription(ProfileHeader.Name, ProfileHeader.Description))],
        Operations = s_shownMethods.ToDictionary(method => method, method => new OpenApiOperation
        {
            OperationId = $"HttpFunction{method.Method[0]}{method.Method[1..].ToLowerInvariant()}",
            Tags = new HashSet<OpenApiTagReference> { new("Functions", document) },
            Summary = "Sends a request to a function, which runs as a CGI program (the WAGI convention). Needs no key when the module is public.",
            Responses = FunctionResponses(document),
            Security = Security(document, isOptional: true),
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
                Content = new Dictionary<string, OpenApiMediaType> { ["*/*"] = new() { Schema = Binary() } },
            },
        };
        OpenApiProblems.Describe(responses, HttpFunction.Answers, document);
        return responses;
    }

    // A middleware answers here, and no endpoint.
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
                    Security = Security(document, isOptional: true),
                },
            },
        };
    }

    private static Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var (metadata, document) = (context.Description.ActionDescriptor.EndpointMetadata, context.Document!);
        operation.Parameters ??= [];
        operation.Responses ??= [];
        var problems = metadata.OfType<ProblemDescription>().SelectMany(answers => answers.Types).Append(ProblemTypes.Internal);
        if (metadata.OfType<RequiredRole>().Any())
        {
            operation.Security = Security(document, isOptional: false);
            operation.Parameters.Add(TenantParameter());
            // The last two: of the header.
            problems = problems.Concat([ProblemTypes.Unauthorized, ProblemTypes.Forbidden, ProblemTypes.BadName, ProblemTypes.TenantNotFound]);
        }

        OpenApiProblems.Describe(operation.Responses, problems, document);
        foreach (var header in metadata.OfType<RequestHeaderDescription>())
        {
            operation.Parameters.Add(HeaderParameter(header));
        }

        foreach (var header in metadata.OfType<ResponseHeaderDescription>())
        {
            var response = (OpenApiResponse)operation.Responses[header.Status.ToString(CultureInfo.InvariantCulture)];
            (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[header.Name] = OpenApiProblems.Header(header.Description);
        }

        // The framework describes bytes as base64.
        foreach (var response in operation.Responses.Values)
        {
            if (response.Content?.TryGetValue(Wasm, out var content) == true)
            {
                content.Schema = Binary();
            }
        }

        if (metadata.OfType<RequestBodyDescription>().LastOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = body.Required,
                Content = new Dictionary<string, OpenApiMediaType> { [body.ContentType] = new() { Schema = body.Schema } },
            };
        }

        return Task.CompletedTask;
    }

    private static List<OpenApiSecurityRequirement> Security(OpenApiDocument document, bool isOptional)
    {
        var bearer = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] };
        return isOptional ? [bearer, []] : [bearer];
    }

    private static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiParameter TenantParameter() => new()
    {
        Name = TenantContext.Header,
        In = ParameterLocation.Header,
        Description = "The tenant that the operator acts for; default when absent. Nobody else may send it.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Names.Pattern },
    };

    private static OpenApiParameter HeaderParameter(RequestHeaderDescription header) => new()
    {
        Name = header.Name,
        In = ParameterLocation.Header,
        Description = header.Description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiParameter PathParameter(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
