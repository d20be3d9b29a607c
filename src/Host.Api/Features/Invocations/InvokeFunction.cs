using System.Buffers;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations.Json;
using HostService.Host.Features.Modules;
using HostService.Host.Features.Profiles;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace HostService.Host.Features.Invocations;

/// <summary>Calls of functions with JSON.</summary>
internal sealed class InvokeFunction(ModuleCatalog catalog, Invoker invoker, ProfileStore profiles, RequestBodies bodies, BufferBudget budget, IOptions<ExecutionLimits> limits)
{
    // What is read depends on the module, so no record stands for it.
    private static readonly OpenApiSchema s_request = new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["args"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema(),
                Description = "A core function's numbers, as JSON numbers or decimal strings; a command's arguments, as strings. Absent: none.",
            },
            ["stdin"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What a command reads from standard input." },
            ["env"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
                Description = "A command's environment.",
            },
        },
    };

    /// <summary>The answer. A core function has <c>results</c> and <c>durationMs</c>; a command has the rest.</summary>
    /// <param name="Results">i32 and floats as numbers, i64 as decimal strings, and "NaN", "Infinity", "-Infinity".</param>
    /// <param name="ExitCode">A command's exit code.</param>
    /// <param name="Stdout">What a command wrote to standard output.</param>
    /// <param name="StdoutBase64">The same, when it is not UTF-8.</param>
    /// <param name="Stderr">What a command wrote to standard error.</param>
    /// <param name="StderrBase64">The same, when it is not UTF-8.</param>
    /// <param name="DurationMs">How long a core function took, its sandbox included.</param>
    public sealed record Response(
        IReadOnlyList<object>? Results, int? ExitCode, string? Stdout, string? StdoutBase64, string? Stderr, string? StderrBase64, double? DurationMs);

    public void Map(RouteGroupBuilder modules) => modules
        .MapPost("/{name}/invoke/{function}", HandleAsync)
        .RequireRole(Role.Invoker)
        .WithName(nameof(InvokeFunction))
        .WithSummary("Calls an exported function in a fresh sandbox.")
        .WithDescription("Core modules: any exported function with numeric parameters. Commands: _start, which answers 200 whatever the exit code.")
        .WithMetadata(new RequestBodyDescription("application/json", Required: false, s_request))
        .WithMetadata(new RequestHeaderDescription(ProfileHeader.Name, ProfileHeader.Description))
        .Produces<Response>()
        .WithMetadata(new ResponseHeaderDescription(StatusCodes.Status200OK, ProfileHeader.Name, ProfileHeader.ResponseDescription))
        .Answers([ProblemTypes.BadArguments, .. InvocationProblems.Any]);

    // Writes the answer itself: a result object and its serializer would be a good part of a short call.
    private async Task HandleAsync(string name, string function, HttpContext http)
    {
        var tenant = TenantContext.Of(http);
        if (catalog.Find(tenant.Id, name) is not { } entry)
        {
            await (Names.IsName(name) ? Problems.ModuleNotFound(name) : Problems.BadName(name)).ExecuteAsync(http);
            return;
        }

        http.Features.Set(entry.Invoked);
        var code = await invoker.CodeAsync(entry, http.RequestAborted);
        if (Find(code, function) is not { } shape)
        {
            await Problems.Of(ProblemTypes.FunctionNotFound, Missing(code, name, function)).ExecuteAsync(http);
        }
        else if (code.Abi == ModuleAbi.WasiCommand)
        {
            using var output = budget.NewShare();
            var call = await ParseAsync(http, (name, limits.Value, output), static (of, body) => CommandInvocation.Parse(of.name, of.Value, of.output, body));
            using var profile = call.Profile = ProfileHeader.Begin(http, tenant.Role, profiles, tenant.Id, name, function);
            var result = await invoker.InvokeAsync(entry, code, call, http.RequestAborted);
            await CallAnswer.WriteAsync(http.Response, result.Value, call, TimeSpan.FromMilliseconds(limits.Value.WallMilliseconds));
        }
        else
        {
            var call = await ParseAsync(http, shape, NumericInvocation.Parse);
            using var profile = call.Profile = ProfileHeader.Begin(http, tenant.Role, profiles, tenant.Id, name, function);
            var result = await invoker.InvokeAsync(entry, code, call, http.RequestAborted);
            await CallAnswer.WriteAsync(http.Response, result);
        }
    }

    // The server decodes all of a path but %2F.
    private static FunctionShape? Find(CompiledModule code, string segment) =>
        code.Abi == ModuleAbi.WasiCommand && segment != CompiledModule.Start ? null
        : code.Functions.GetValueOrDefault(segment) ?? code.Functions.GetValueOrDefault(segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));

    private static string Missing(CompiledModule code, string name, string function) => code.Abi == ModuleAbi.WasiCommand
        ? $"\"{name}\" is a command; its function is {CompiledModule.Start}, not \"{function}\"."
        : $"\"{name}\" exports no function \"{function}\".";

    // What is called is handed to the parser beside the body: it costs nothing, and a lambda that captures it would be made for each request.
    private async ValueTask<T> ParseAsync<TCalled, T>(HttpContext http, TCalled called, Func<TCalled, ReadOnlySequence<byte>, T> parse)
    {
        var body = await bodies.ReadAsync(http.Request);
        try
        {
            return parse(called, body);
        }
        finally
        {
            http.Request.BodyReader.AdvanceTo(body.End);
        }
    }
}
