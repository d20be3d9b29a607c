namespace HostService.Host.Features.Invocations;

/// <summary>Kept with the request, so that whoever reports its end knows which upload it was about.</summary>
internal sealed record InvokedModule(string Tenant, string Name);
