using Microsoft.OpenApi;

namespace HostService.Host.Features;

/// <summary>Metadata of an endpoint that reads its body itself: what the API's description says of it. It has no part in routing, so no content type is refused.</summary>
/// <param name="ContentType">The content type.</param>
/// <param name="Required">Whether there must be a body.</param>
/// <param name="Schema">What it looks like.</param>
internal sealed record RequestBodyDescription(string ContentType, bool Required, OpenApiSchema Schema);
