namespace HostService.Host.Features;

/// <summary>Metadata of an endpoint that sets a header of its answers: what the API's description says of it.</summary>
/// <param name="Status">The answers that have it, by their status.</param>
/// <param name="Name">The header.</param>
/// <param name="Description">What it says.</param>
internal sealed record ResponseHeaderDescription(int Status, string Name, string Description);
