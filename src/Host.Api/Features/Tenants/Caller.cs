using HostService.Host.Storage;

namespace HostService.Host.Features.Tenants;

/// <summary>Whom a key speaks for.</summary>
/// <param name="Tenant">Its tenant; null for the operator, who may act for any.</param>
/// <param name="Role">What it allows.</param>
internal sealed record Caller(string? Tenant, Role Role)
{
    public static Caller Operator { get; } = new(null, Role.Operator);

    /// <summary>What its requests act for; null for the operator, whose requests say it themselves.</summary>
    public TenantContext? Context { get; } = Tenant is null ? null : new(Tenant, Role);
}
