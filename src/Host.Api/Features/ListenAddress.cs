namespace HostService.Host.Features;

/// <summary>Where the service listens when nobody says where.</summary>
internal static class ListenAddress
{
    public const string Default = "http://localhost:8080";

    /// <summary>Uses <see cref="Default"/>, unless a variable, an argument or a file says otherwise in any of the ways that ASP.NET Core knows.</summary>
    public static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        string[] settings = ["urls", "http_ports", "https_ports"];
        if (settings.All(setting => string.IsNullOrEmpty(configuration[setting])) && !configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            builder.WebHost.UseUrls(Default);
        }
    }
}
