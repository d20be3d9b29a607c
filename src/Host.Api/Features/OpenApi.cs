using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>The description of the API at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApi
{
    private const string Wasm = "application/wasm";

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
        document.Components.SecuritySchemes[OpenApiParts.BearerScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A tenant's key (role invoker or deployer), or the operator's.",
        };
        await OpenApiProblems.AddSchemaAsync(document, context, cancellationToken);
        OpenApiPaths.AddTo(document);
    }

    private static Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var (metadata, document) = (context.Description.ActionDescriptor.EndpointMetadata, context.Document!);
        operation.Parameters ??= [];
        operation.Responses ??= [];
        var problems = metadata.OfType<ProblemDescription>().SelectMany(answers => answers.Types).Append(ProblemTypes.Internal);
        if (metadata.OfType<RequiredRole>().Any())
        {
            operation.Security = OpenApiParts.Security(document, isOptional: false);
            operation.Parameters.Add(OpenApiParts.TenantParameter());
            // The last two: of the header.
            problems = problems.Concat([ProblemTypes.Unauthorized, ProblemTypes.Forbidden, ProblemTypes.BadName, ProblemTypes.TenantNotFound]);
        }

        OpenApiProblems.Describe(operation.Responses, problems, document);
        foreach (var header in metadata.OfType<RequestHeaderDescription>())
        {
            operation.Parameters.Add(OpenApiParts.HeaderParameter(header));
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
                content.Schema = OpenApiParts.Binary();
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
}
