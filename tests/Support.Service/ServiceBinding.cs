namespace HostService.Support;

/// <summary>How the service is told where to listen.</summary>
public enum ServiceBinding
{
    /// <summary>By the variable <c>ASPNETCORE_URLS</c>.</summary>
    Urls,

    /// <summary>By the variable <c>ASPNETCORE_HTTP_PORTS</c>, as images do.</summary>
    HttpPorts,

    /// <summary>By the argument <c>--urls</c>.</summary>
    CommandLine,

    /// <summary>Not at all, which means port 8080.</summary>
    None,
}
