using HostService.Host.Errors;
using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>Middleware: lets a request through to an endpoint with a <see cref="RequiredRole"/> when its key allows, and says which tenant it acts for.</summary>
/// <remarks>The framework's authentication builds a principal, its claims and a ticket for each request; a key is one look-up. See docs/adr/0008.</remarks>
internal sealed class ApiKeyAuthentication(RequestDelegate next, ApiKeys keys, ITenantStore tenants)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>() is { } required)
        {
            var caller = await keys.AuthenticateAsync(context);
            if (await RefusalAsync(context, caller, required.Role) is { } refusal)
            {
                await refusal.ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    /// <summary>The answer to a request without a valid key.</summary>
    public static IResult Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(ProblemTypes.Unauthorized, "The request needs a key that exists: Authorization: Bearer <key>.");
    }

    private async ValueTask<IResult?> RefusalAsync(HttpContext context, Caller? caller, Role required)
    {
        if (caller is null)
        {
            return Unauthorized(context);
        }

        var named = context.Request.Headers[TenantContext.Header];
        if (caller.Context is { } own)
        {
            context.Features.Set(own);
            return named.Count > 0 ? Problems.Of(ProblemTypes.Forbidden, $"Only the operator may send {TenantContext.Header}.")
                : caller.Role < required ? Problems.Of(ProblemTypes.Forbidden, $"This needs a key of the role {required.Word()}.")
                : null;
        }

        var tenant = named.Count == 0 ? TenantContext.Default : named.ToString();
        if (!Names.IsName(tenant))
        {
            return Problems.BadName(tenant);
        }

        if (named.Count > 0 && !await tenants.TenantExistsAsync(tenant, context.RequestAborted))
        {
            return Problems.TenantNotFound(tenant);
        }

        context.Features.Set(new TenantContext(tenant, Role.Operator));
        return null;
    }
}
