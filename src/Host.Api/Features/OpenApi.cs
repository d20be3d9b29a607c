using System.Text.Json.Serialization.Metadata;
using HostService.Host.Features.Profiles;
using HostService.Host.Features.Tenants;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>The description of the API at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApi
{
    private const string BearerScheme = "bearer";
    private const string ProblemType = "application/problem+json";
    private static readonly HttpMethod[] s_shownMethods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete];

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.CreateSchemaReferenceId = NameOf;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeOperationAsync);
    });

    public static void MapApiDescription(this IEndpointRouteBuilder app) => app.MapOpenApi("/openapi/v1.json");

    // Endpoints have their answers nested in them, and several of those have the same name.
    private static string? NameOf(JsonTypeInfo type) => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name
        ? type.Type.DeclaringType is { } endpoint ? endpoint.Name + name : name
        : null;

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "HostService",
            Version = "v1",
            Description = "Uploads WebAssembly modules and calls their functions, each call in a fresh sandbox. Errors are RFC 9457 problem details whose type is urn:hostservice:problem:<slug>.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[BearerScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A tenant's key (role invoker or deployer), or the operator's.",
        };
        document.Paths.Add("/f/{tenant}/{name}/{path}", FunctionPath(document));
        return Task.CompletedTask;
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
            Responses = new OpenApiResponses
            {
                ["default"] = new OpenApiResponse { Description = "What the function answers." },
                ["500"] = Problem("The guest trapped before it had answered."),
                ["502"] = Problem("The function ended with an error, or wrote no response."),
                ["504"] = Problem("The function ran out of time."),
            },
            Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] }, []],
        }),
    };

    private static Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequiredRole>().LastOrDefault() is { } required)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, context.Document)] = [] }];
            operation.Responses ??= [];
            operation.Responses.TryAdd("401", Problem("The request has no valid key."));
            operation.Responses.TryAdd("403", Problem($"The key is not of the role {required.Role.ToString().ToLowerInvariant()} or above."));
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = TenantContext.Header,
                In = ParameterLocation.Header,
                Description = "The tenant that the operator acts for; default when absent. Nobody else may send it.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Names.Pattern },
            });
        }

        foreach (var header in metadata.OfType<RequestHeaderDescription>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(HeaderParameter(header));
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

    private static OpenApiResponse Problem(string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [ProblemType] = new() },
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
