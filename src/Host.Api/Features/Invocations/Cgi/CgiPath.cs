using Microsoft.AspNetCore.Http.Features;

namespace HostService.Host.Features.Invocations.Cgi;

/// <summary>What follows the module in a request's path.</summary>
internal static class CgiPath
{
    /// <summary>The rest of the path, decoded: empty, or beginning with a slash.</summary>
    /// <param name="http">The request.</param>
    /// <param name="prefixSegments">How many segments lead to the module: three in <c>/f/{tenant}/{name}</c>.</param>
    /// <remarks>
    /// The server decodes all but <c>%2F</c>, so the raw target is taken. It is taken only when the server changed nothing else in it: where it has resolved dot
    /// segments, the raw path is not the one that was routed.
    /// </remarks>
    public static string InfoOf(HttpContext http, int prefixSegments)
    {
        var routed = Rest(http.Request.Path.Value ?? "", prefixSegments);
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!raw.StartsWith('/') || !routed.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return routed;
        }

        var rest = Rest(raw.Split('?', 2)[0], prefixSegments);
        var decoded = Uri.UnescapeDataString(rest);
        return Segments(rest) == Segments(routed) && !decoded.Contains('\0') ? decoded : routed;
    }

    private static int Segments(string path) => path.Count(character => character == '/');

    private static string Rest(string path, int prefixSegments)
    {
        var slash = -1;
        for (var i = 0; i <= prefixSegments; i++)
        {
            slash = path.IndexOf('/', slash + 1);
            if (slash < 0)
            {
                return "";
            }
        }

        return path[slash..];
    }
}
