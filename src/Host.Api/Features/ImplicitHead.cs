namespace HostService.Host.Features;

/// <summary>HEAD for what answers GET, as RFC 9110, section 9.3.2, has it: the server keeps the content to itself, so the same handler does.</summary>
internal static class ImplicitHead
{
    private static readonly HttpMethodMetadata s_getAndHead = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Has the endpoints of a group that answer GET answer HEAD too, and say so in <c>Allow</c>. Those that answer every method hear of it themselves.</summary>
    public static RouteGroupBuilder AnswerHeadAsGet(this RouteGroupBuilder endpoints)
    {
        ((IEndpointConventionBuilder)endpoints).Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods is [var only] && HttpMethods.IsGet(only))
            {
                endpoint.Metadata.Add(s_getAndHead);
            }
        });
        return endpoints;
    }
}
