using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace HostService.Host.Integration;

/// <summary>The service in this process, on Kestrel and a free loopback port, with a data directory of its own.</summary>
public class RunningHost : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string OperatorKey = "operator-key-of-the-tests";

    private int _tenants;

    public RunningHost()
        : this(new Dictionary<string, string?>())
    {
    }

    internal RunningHost(IReadOnlyDictionary<string, string?> settings, string? dataDirectory = null)
    {
        Settings = settings;
        OwnsData = dataDirectory is null;
        DataDirectory = dataDirectory ?? Directory.CreateTempSubdirectory("hostservice-test-").FullName;
    }

    public string DataDirectory { get; }

    /// <summary>What the service logged, one line for each message.</summary>
    public LogCapture Log { get; } = new();

    public Uri Address => ClientOptions.BaseAddress;

    private IReadOnlyDictionary<string, string?> Settings { get; }

    private bool OwnsData { get; }

    public Task InitializeAsync()
    {
        // Without a port: the factory would set that while the program, on a thread of its own, may have started the server already.
        UseKestrel();
        StartServer();
        return Task.CompletedTask;
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    /// <summary>A client without any key.</summary>
    public HttpClient Anonymous() => Client(null);

    public HttpClient Operator(string? tenant = null)
    {
        var client = Client(OperatorKey);
        if (tenant is not null)
        {
            client.DefaultRequestHeaders.Add("X-HostService-Tenant", tenant);
        }

        return client;
    }

    public HttpClient Client(string? key)
    {
        // Not CreateClient, whose handlers follow redirects and keep cookies.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(3) };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        return client;
    }

    /// <summary>A tenant that no other test has.</summary>
    public async Task<TestTenant> NewTenantAsync()
    {
        var id = $"t{Interlocked.Increment(ref _tenants)}-{Guid.NewGuid():N}"[..20];
        using var client = Operator();
        using var made = await client.PostAsJsonAsync("/v1/tenants", new { id });
        made.EnsureSuccessStatusCode();
        return new TestTenant(this, id, await NewKeyAsync(id, "deployer"), await NewKeyAsync(id, "invoker"));
    }

    public async Task<string> NewKeyAsync(string tenant, string role)
    {
        using var client = Operator();
        using var made = await client.PostAsJsonAsync($"/v1/tenants/{tenant}/keys", new { role });
        return (await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        builder.UseSetting("HostService:DataDirectory", DataDirectory);
        builder.UseSetting("HostService:OperatorKey", OperatorKey);
        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureServices(Log.Install);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && OwnsData && Directory.Exists(DataDirectory))
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }
}

[CollectionDefinition(Name)]
public sealed class RunningHostCollection : ICollectionFixture<RunningHost>
{
    public const string Name = "One running host";
}
