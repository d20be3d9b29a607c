using System.Collections.Immutable;
using HostService.Host.Errors;
using HostService.Host.Features.Invocations.Cgi;
using HostService.Host.Features.Invocations.Json;
using HostService.Host.Features.Modules;
using HostService.Host.Features.Profiles;
using HostService.Host.Features.Tenants;
using HostService.Host.Storage;
using HostService.Runtime.Errors;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace HostService.Host.Features.Invocations;

/// <summary>Requests to functions themselves.</summary>
internal sealed partial class HttpFunction(ModuleCatalog catalog, Invoker invoker, ApiKeys keys, ProfileStore profiles, IOptions<ExecutionLimits> limits, ILogger<HttpFunction> logger)
{
    private const int PrefixSegments = 3; // f, tenant, name

    /// <summary>What goes wrong before the function has answered.</summary>
    public static ImmutableArray<ProblemType> Answers { get; } =
        [ProblemTypes.Unauthorized, ProblemTypes.Forbidden, ProblemTypes.BadFunctionResponse, .. InvocationProblems.Any];

    public void Map(IEndpointRouteBuilder app) => app
        .Map("/f/{tenant}/{name}/{**path}", HandleAsync)
        .WithName(nameof(HttpFunction))
        // Described by hand: it has every method there is.
        .ExcludeFromDescription();

    private async Task HandleAsync(string tenant, string name, HttpContext http)
    {
        if (!Names.IsName(tenant) || !Names.IsName(name))
        {
            await Problems.BadName(Names.IsName(tenant) ? name : tenant).ExecuteAsync(http);
            return;
        }

        var entry = catalog.Find(tenant, name);
        var profiled = ProfileHeader.IsIn(http.Request);
        if ((profiled || entry is not { Stored.IsPublic: true }) && await RefusalAsync(tenant, name, entry, http) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        var module = entry!.Invoked;
        http.Features.Set(module);
        var code = await invoker.CodeAsync(entry, http.RequestAborted);
        if (code.Abi != ModuleAbi.WasiCommand)
        {
            await Problems.Of(ProblemTypes.FunctionNotFound, $"\"{name}\" exports no {CompiledModule.Start}, so it does not answer HTTP; its functions are called with JSON.").ExecuteAsync(http);
            return;
        }

        using var profile = profiled ? await BeginProfileAsync(module, http) : null;
        await RunAsync(entry, code, module, profile, http);
    }

    // Whose key it is was looked at before.
    private async ValueTask<ProfileRecording?> BeginProfileAsync(InvokedModule module, HttpContext http)
    {
        var caller = await keys.AuthenticateAsync(http);
        return ProfileHeader.Begin(http, caller?.Role ?? Role.Invoker, profiles, module.Tenant, module.Name, $"{http.Request.Method} {http.Request.Path}");
    }

    // Without a key nobody learns which names exist.
    private async ValueTask<IResult?> RefusalAsync(string tenant, string name, ModuleEntry? entry, HttpContext http)
    {
        if (await keys.AuthenticateAsync(http) is not { } caller)
        {
            return ApiKeyAuthentication.Unauthorized(http);
        }

        if (caller.Tenant is not null && http.Request.Headers.ContainsKey(TenantContext.Header))
        {
            return Problems.Of(ProblemTypes.Forbidden, $"Only the operator may send {TenantContext.Header}.");
        }

        return entry is null || (caller.Tenant is not null && caller.Tenant != tenant) ? Problems.ModuleNotFound(name) : null;
    }

    private async Task RunAsync(ModuleEntry entry, CompiledModule code, InvokedModule module, ProfileRecording? profile, HttpContext http)
    {
        // The wall clock decides how long a body may take; a slow client costs a thread that others do not need.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        RequestBody.RefuseTooLong(http.Request, limits.Value.MaxRequestBytes);
        using var scope = logger.BeginScope(module.LogScope);
        using var invocation = new CgiInvocation(http, module, CgiPath.InfoOf(http, PrefixSegments), limits.Value, logger) { Profile = profile };
        try
        {
            var result = await invoker.InvokeAsync(entry, code, invocation, http.RequestAborted);
            if (!invocation.HeadersDone)
            {
                throw result.Value == 0
                    ? CgiHeaders.Bad("It ended before its headers did: lines of \"Name: value\", then an empty line.")
                    : new ProblemException(ProblemTypes.FunctionFailed, $"The function ended with exit code {result.Value} before it answered.")
                    {
                        Members = new Dictionary<string, object?> { ["exitCode"] = result.Value },
                    };
            }

            if (result.Value != 0)
            {
                LogFailedLate(result.Value);
                http.Abort();
            }
        }
        catch (Exception failure) when (invocation.HeadersDone)
        {
            // What was sent can't be taken back. A client that sees the connection break off knows that the response is not whole.
            LogLate(failure);
            http.Abort();
        }
    }

    private void LogLate(Exception failure)
    {
        if (failure is TrapException trap)
        {
            LogTrapped(trap.Code.Identifier(), trap.ToString());
        }
        else if (failure is ProblemException or WasmException)
        {
            LogEnded(failure.Message);
        }
        else if (failure is not OperationCanceledException)
        {
            LogBrokeOff(failure);
        }
    }

    [LoggerMessage(310, LogLevel.Warning, "The guest ended with exit code {ExitCode} after its headers; the connection was aborted.")]
    private partial void LogFailedLate(int exitCode);

    [LoggerMessage(311, LogLevel.Warning, "The guest trapped ({TrapCode}) after its headers; the connection was aborted.\n{Trap}")]
    private partial void LogTrapped(string trapCode, string trap);

    [LoggerMessage(313, LogLevel.Warning, "The guest was ended after its headers; the connection was aborted. {Reason}")]
    private partial void LogEnded(string reason);

    [LoggerMessage(312, LogLevel.Warning, "The invocation failed after the guest's headers; the connection was aborted.")]
    private partial void LogBrokeOff(Exception failure);
}
