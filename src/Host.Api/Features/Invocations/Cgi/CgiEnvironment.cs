using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace HostService.Host.Features.Invocations.Cgi;

/// <summary>The request as a CGI program sees it: in environment variables.</summary>
/// <remarks>
/// <see href="https://www.rfc-editor.org/rfc/rfc3875#section-4.1">RFC 3875</see>, with what the WAGI convention adds. Values are the client's: a guest must not trust them, and
/// what authorises the client towards this service is not among them.
/// </remarks>
internal static class CgiEnvironment
{
    private const string HeaderPrefix = "HTTP_";

    private static readonly FrozenSet<string> s_withheld = FrozenSet.ToFrozenSet(
        [
            "Authorization", // the key of this service
            Tenants.TenantContext.Header,
            Profiles.ProfileHeader.Name,
            "Proxy", // becomes HTTP_PROXY, which HTTP clients take for their proxy: httpoxy, CVE-2016-5385
            "Proxy-Authorization",
            "Content-Type", // have variables of their own
            "Content-Length",
            "Connection", // says something about this connection only
        ],
        StringComparer.OrdinalIgnoreCase);

    // A header with an underscore would become the same variable as the one with a hyphen that somebody in between may have checked.
    private static readonly SearchValues<char> s_passedOn = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The variables of a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="scriptName">The path that leads to the module: <c>/f/{tenant}/{name}</c>.</param>
    /// <param name="pathInfo">What follows it, decoded; empty or beginning with a slash.</param>
    public static ImmutableArray<KeyValuePair<string, string>> Of(HttpContext http, string scriptName, string pathInfo)
    {
        var request = http.Request;
        var host = request.Host;
        var variables = new List<KeyValuePair<string, string>>(24 + request.Headers.Count)
        {
            new("GATEWAY_INTERFACE", "CGI/1.1"),
            new("SERVER_SOFTWARE", "HostService"),
            new("SERVER_PROTOCOL", request.Protocol),
            new("SERVER_NAME", host.Host),
            new("SERVER_PORT", (host.Port ?? (request.IsHttps ? 443 : 80)).ToString(CultureInfo.InvariantCulture)),
            new("REQUEST_METHOD", request.Method),
            new("SCRIPT_NAME", scriptName),
            new("PATH_INFO", pathInfo),
            new("PATH_TRANSLATED", pathInfo),
            new("QUERY_STRING", request.QueryString.HasValue ? request.QueryString.Value![1..] : ""),
            new("REMOTE_ADDR", http.Connection.RemoteIpAddress?.ToString() ?? ""),
            new("REMOTE_HOST", http.Connection.RemoteIpAddress?.ToString() ?? ""),
            new("REMOTE_USER", ""),
            new("AUTH_TYPE", ""),
            new("CONTENT_TYPE", request.ContentType ?? ""),
            new("CONTENT_LENGTH", request.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? ""),
            new("X_MATCHED_ROUTE", scriptName + "/..."),
            new("X_FULL_URL", $"{request.Scheme}://{host}{request.Path.ToUriComponent()}{request.QueryString}"),
        };
        foreach (var (name, values) in request.Headers)
        {
            if (!s_withheld.Contains(name) && NameOf(name) is { } variable)
            {
                // Several headers of one name mean the same as one with a list; cookies have a list of their own kind.
                variables.Add(new(variable, values.Count == 1 ? values[0] ?? "" : string.Join(variable == "HTTP_COOKIE" ? "; " : ", ", values.ToArray())));
            }
        }

        return [.. variables];
    }

    private static string? NameOf(string header) => header.AsSpan().ContainsAnyExcept(s_passedOn)
        ? null
        : string.Create(HeaderPrefix.Length + header.Length, header, static (variable, header) =>
        {
            HeaderPrefix.CopyTo(variable);
            var rest = variable[HeaderPrefix.Length..];
            Ascii.ToUpper(header, rest, out _);
            rest.Replace('-', '_');
        });
}
