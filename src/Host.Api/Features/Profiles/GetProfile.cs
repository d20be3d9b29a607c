using System.IO.Compression;
using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.Net.Http.Headers;

namespace HostService.Host.Features.Profiles;

internal static class GetProfile
{
    public static void Map(RouteGroupBuilder profiles) => profiles
        .MapGet("/{id}", HandleAsync)
        .RequireRole(Role.Deployer)
        .WithName(nameof(GetProfile))
        .WithSummary("Answers a profile of an invocation, to be opened with https://profiler.firefox.com.")
        .WithDescription("The Firefox profiler's processed profile format. While the invocation still runs, the answer waits for its end.")
        .Produces<object>(StatusCodes.Status200OK, "application/json")
        .WithMetadata(new ResponseHeaderDescription(StatusCodes.Status200OK, "Content-Disposition", "A name for the file."))
        .WithMetadata(new ResponseHeaderDescription(StatusCodes.Status200OK, "Content-Encoding", "gzip, where the request accepts that."))
        .Answers(ProblemTypes.NotFound);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, TenantContext tenant, ProfileStore profiles, CancellationToken cancellationToken)
    {
        if (profiles.Find(tenant.Id, id) is not { } profile || await profile.Content.WaitAsync(cancellationToken) is not { } content)
        {
            return Problems.Of(ProblemTypes.NotFound, $"There is no profile \"{id}\"; the latest ones of a tenant are kept.");
        }

        http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{profile.Module}-{profile.Id}.json" }.ToString();
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (http.Request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value == "gzip" && coding.Quality is not 0))
        {
            http.Response.Headers.ContentEncoding = "gzip";
            return TypedResults.Bytes(content.Json, "application/json");
        }

        return TypedResults.Stream(new GZipStream(new MemoryStream(content.Json, writable: false), CompressionMode.Decompress), "application/json");
    }
}
