using HostService.Host.Errors;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.Net.Http.Headers;

namespace HostService.Host.Features.CoreDumps;

internal static class GetCoreDump
{
    public static void Map(RouteGroupBuilder dumps) => dumps
        .MapGet("/{id}", Handle)
        .RequireRole(Role.Deployer)
        .WithName(nameof(GetCoreDump))
        .WithSummary("Gives a core dump, in the format of WebAssembly's tool conventions.")
        .Produces<byte[]>(StatusCodes.Status200OK, "application/wasm")
        .Produces<byte[]>(StatusCodes.Status206PartialContent, "application/wasm")
        .Produces(StatusCodes.Status304NotModified)
        .WithMetadata(new RequestHeaderDescription("Range", "The bytes that are asked for."))
        .WithMetadata(new RequestHeaderDescription("If-Modified-Since", "Answered by 304 when the dump is not newer; If-Unmodified-Since the other way round by 412."))
        .WithMetadata(new ResponseHeaderDescription(StatusCodes.Status200OK, "Last-Modified", "When the guest trapped."))
        .WithMetadata(new ResponseHeaderDescription(StatusCodes.Status200OK, "Content-Disposition", "A name for the file."))
        .WithMetadata(new ResponseHeaderDescription(StatusCodes.Status206PartialContent, "Content-Range", "Which bytes of how many."))
        .Answers(ProblemTypes.NotFound, ProblemTypes.PreconditionFailed, ProblemTypes.RangeNotSatisfiable);

    private static IResult Handle(string id, HttpContext http, TenantContext tenant, CoreDumpFolder dumps)
    {
        if (dumps.Open(tenant.Id, id) is not var (dump, content))
        {
            return NoneOf(id);
        }

        if (HasNothingIn(http.Request.GetTypedHeaders().Range, dump.SizeBytes))
        {
            content.Dispose();
            http.Response.Headers.ContentRange = $"bytes */{dump.SizeBytes}";
            return Problems.Of(ProblemTypes.RangeNotSatisfiable, $"The core dump has {dump.SizeBytes} bytes, and none of them in the range {http.Request.Headers.Range}.");
        }

        return TypedResults.Stream(content, "application/wasm", Path.GetFileName(dump.Path), dump.CreatedAt, enableRangeProcessing: true);
    }

    // The framework answers such a request with a content type and no content, which then says nothing of what was wrong.
    private static bool HasNothingIn(RangeHeaderValue? range, long sizeBytes) =>
        range is { Unit.Value: "bytes", Ranges: { Count: 1 } ranges } && ranges.Single() is var only && (only.From >= sizeBytes || only is { From: null, To: 0 });

    public static IResult NoneOf(string id) => Problems.Of(ProblemTypes.NotFound, $"There is no core dump \"{id}\": only the latest are kept.");
}
