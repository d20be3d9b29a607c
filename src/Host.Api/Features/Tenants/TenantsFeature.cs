using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>Tenants and their keys.</summary>
internal static class TenantsFeature
{
    public static IServiceCollection AddTenants(this IServiceCollection services) => services
        .AddSingleton<OperatorKey>()
        .AddSingleton<KnownKeys>()
        .AddSingleton<ApiKeys>()
        .AddHostedService<KeyUseNotes>();

    public static void MapTenants(this IEndpointRouteBuilder app)
    {
        var tenants = app.MapGroup("/v1/tenants").WithTags("Tenants").RequireRole(Role.Operator);
        CreateTenant.Map(tenants);
        ListTenants.Map(tenants);
        CreateKey.Map(tenants);
        ListKeys.Map(tenants);
        RevokeKey.Map(tenants);
    }
}
