namespace HostService.Host.Features.Health;

/// <summary><c>--healthcheck</c>: asks a service that runs on this machine whether it lives. For images that have no other program to do that.</summary>
internal static class HealthCheckCommand
{
    public const string Argument = "--healthcheck";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    /// <summary>Asks the address that the service would listen on with this configuration.</summary>
    /// <returns>The process's exit code: 0 when it lives, 1 when not.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = WebApplication.CreateSlimBuilder([.. args.Where(argument => argument != Argument)]).Configuration;
        using var client = new HttpClient { Timeout = s_timeout };
        try
        {
            using var response = await client.GetAsync(new Uri(AddressOf(configuration), "/health/live"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return 1;
        }
    }

    /// <summary>The first address that the configuration names, seen from this machine.</summary>
    public static Uri AddressOf(IConfiguration configuration)
    {
        if (configuration["urls"] is { Length: > 0 } urls)
        {
            // Not necessarily URIs: http://*:8080 and http://+:8080 stand for every address.
            var first = BindingAddress.Parse(urls.Split(';', StringSplitOptions.RemoveEmptyEntries)[0]);
            var host = first.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : first.Host;
            return new Uri($"{first.Scheme}://{host}:{first.Port}");
        }

        var port = configuration["http_ports"] is { Length: > 0 } ports ? ports.Split(';')[0] : "8080";
        return new Uri($"http://localhost:{port}");
    }
}
