using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>The bytes of <c>/openapi/v1.json</c>, which are made at the first request: describing the API takes milliseconds and megabytes.</summary>
/// <remarks>
/// The endpoints, of which it is made, are fixed once the service listens. The framework's own endpoint names the host that the request named as the server,
/// for which it must make the document anew each time; this one names none, which means where the document came from.
/// </remarks>
internal sealed class ApiDescription([FromKeyedServices(ApiDescription.Name)] IOpenApiDocumentProvider documents)
{
    /// <summary>The document's name.</summary>
    public const string Name = "v1";

    private const string ContentType = "application/json;charset=utf-8";

    private readonly Lazy<Task<Content>> _content = new(() => MakeAsync(documents));

    /// <summary>The description, or 304 for those who have it.</summary>
    public async Task<FileContentHttpResult> AnswerAsync()
    {
        var content = await _content.Value;
        return TypedResults.Bytes(content.Json, ContentType, entityTag: content.Tag);
    }

    // Not for the one request that asks first: all others wait for it too.
    private static async Task<Content> MakeAsync(IOpenApiDocumentProvider documents)
    {
        var document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        document.Servers = [new OpenApiServer { Url = "/" }];
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        var bytes = json.ToArray();
        return new Content(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\""));
    }

    private sealed record Content(byte[] Json, EntityTagHeaderValue Tag);
}
