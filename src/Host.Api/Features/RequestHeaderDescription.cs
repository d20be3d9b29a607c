namespace HostService.Host.Features;

/// <summary>Metadata of an endpoint that looks for a header itself: what the API's description says of it.</summary>
/// <param name="Name">The header.</param>
/// <param name="Description">What it does.</param>
internal sealed record RequestHeaderDescription(string Name, string Description);
