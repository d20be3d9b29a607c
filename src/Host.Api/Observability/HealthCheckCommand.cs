using System.Net;

namespace HostService.Host.Observability;

/// <summary>
/// The program as its own health check: <c>Host.Api.dll --healthcheck</c> asks <c>/health/live</c> of the service that runs beside it and ends.
/// </summary>
/// <remarks>The container image has neither a shell nor curl, so nothing else in it could ask.</remarks>
internal static class HealthCheckCommand
{
    /// <summary>The argument that asks for it.</summary>
    public const string Option = "--healthcheck";

    // Below the three seconds after which the image's HEALTHCHECK gives up by itself.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    /// <summary>Asks once.</summary>
    /// <param name="configuration">The settings that the service was started with; they say where it listens.</param>
    /// <returns>The exit code: 0 when the service answered with success, 1 otherwise.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = AddressOf(configuration), Timeout = s_timeout };
        try
        {
            using var response = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return 1;
        }
    }

    /// <summary>Where the service listens, seen from the same machine: the first of its addresses, with loopback in place of "any".</summary>
    internal static Uri AddressOf(IConfiguration configuration)
    {
        var urls = Entries(configuration["urls"]);
        if (urls.Length == 0)
        {
            return new UriBuilder(Uri.UriSchemeHttp, "localhost", Entries(configuration["http_ports"]) is [var port, ..] && ushort.TryParse(port, out var number) ? number : 8080).Uri;
        }

        var address = BindingAddress.Parse(urls[0]);
        var isAny = address.Host is "*" or "+" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
        return new UriBuilder(address.Scheme, isAny ? "localhost" : address.Host, address.Port).Uri;
    }

    private static string[] Entries(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
