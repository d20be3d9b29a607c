using HostService.Host.Features.Tenants;
using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>What operations of the API's description have in common.</summary>
internal static class OpenApiParts
{
    /// <summary>The name of the one way to say who asks.</summary>
    public const string BearerScheme = "bearer";

    /// <summary>That a key is needed, or that there are answers without one too.</summary>
    public static List<OpenApiSecurityRequirement> Security(OpenApiDocument document, bool isOptional)
    {
        var bearer = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] };
        return isOptional ? [bearer, []] : [bearer];
    }

    /// <summary>Bytes as they are.</summary>
    public static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    /// <summary>The header of the operator.</summary>
    public static OpenApiParameter TenantParameter() => new()
    {
        Name = TenantContext.Header,
        In = ParameterLocation.Header,
        Description = "The tenant that the operator acts for; default when absent. Nobody else may send it.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Names.Pattern },
    };

    /// <summary>A header of requests.</summary>
    public static OpenApiParameter HeaderParameter(RequestHeaderDescription header) => new()
    {
        Name = header.Name,
        In = ParameterLocation.Header,
        Description = header.Description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    /// <summary>A part of the path.</summary>
    public static OpenApiParameter PathParameter(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
