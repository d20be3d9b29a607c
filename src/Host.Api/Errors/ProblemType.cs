namespace HostService.Host.Errors;

/// <summary>One kind of problem that the service answers.</summary>
/// <param name="Slug">The last part of its type, which programs compare.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What it means, the same each time.</param>
internal sealed record ProblemType(string Slug, int Status, string Title)
{
    /// <summary>The <c>type</c> member of RFC 9457.</summary>
    public string Uri => "urn:hostservice:problem:" + Slug;
}
