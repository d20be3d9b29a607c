using System.Diagnostics.CodeAnalysis;
using HostService.Host.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace HostService.Host.Features.Tenants;

/// <summary>The tenant that a request acts for, and what it may do. Handlers of routes with <see cref="RequiredRole"/> take it as a parameter.</summary>
/// <param name="Id">The tenant.</param>
/// <param name="Role">What the request's key allows.</param>
internal sealed record TenantContext(string Id, Role Role)
{
    /// <summary>Names the tenant that the operator acts for.</summary>
    public const string Header = "X-HostService-Tenant";

    /// <summary>The tenant that exists from the first start, and that the operator acts for unless the header names another.</summary>
    public const string Default = "default";

    /// <summary>The context of a request to a route with <see cref="RequiredRole"/>.</summary>
    public static TenantContext Of(HttpContext context) => context.Features.GetRequiredFeature<TenantContext>();

    /// <summary>Called by minimal APIs to fill a handler's parameter.</summary>
    [SuppressMessage("Style", "IDE0060", Justification = "The framework asks for this signature.")]
    public static ValueTask<TenantContext?> BindAsync(HttpContext context) => new(context.Features.Get<TenantContext>());
}
