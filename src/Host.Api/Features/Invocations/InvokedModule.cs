using System.Collections.Immutable;

namespace HostService.Host.Features.Invocations;

/// <summary>Kept with the request, so that whoever reports its end knows which upload it was about.</summary>
internal sealed record InvokedModule(string Tenant, string Name)
{
    /// <summary>What a message says of it.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> LogScope { get; } = [new("Tenant", Tenant), new("Module", Name)];
}
