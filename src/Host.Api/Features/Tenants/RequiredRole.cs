using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>Metadata of an endpoint: the least role that may use it.</summary>
internal sealed record RequiredRole(Role Role);

/// <summary>Gives endpoints their <see cref="RequiredRole"/>.</summary>
internal static class RequiredRoleExtensions
{
    public static TBuilder RequireRole<TBuilder>(this TBuilder builder, Role role)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredRole(role));
}
