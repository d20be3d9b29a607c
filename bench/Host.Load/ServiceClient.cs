using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HostService.Load;

/// <summary>What the load needs of the service's contract: a tenant, its keys, modules, and the allocation counter.</summary>
internal sealed partial class ServiceClient(Uri address, string operatorKey) : IDisposable
{
    private const string Tenant = "load";
    private readonly HttpClient _client = new() { BaseAddress = address };

    public async Task CreateTenantAsync()
    {
        using var response = await SendAsync(operatorKey, HttpMethod.Post, "/v1/tenants", JsonContent.Create(new { id = Tenant }));
    }

    public async Task<string> CreateKeyAsync(string role)
    {
        using var response = await SendAsync(operatorKey, HttpMethod.Post, $"/v1/tenants/{Tenant}/keys", JsonContent.Create(new { role }));
        using var body = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        return body.RootElement.GetProperty("key").GetString()!;
    }

    public async Task UploadAsync(string deployerKey, string name, byte[] binary)
    {
        using var content = new ByteArrayContent(binary) { Headers = { ContentType = new MediaTypeHeaderValue("application/wasm") } };
        using var response = await SendAsync(deployerKey, HttpMethod.Put, $"/v1/modules/{name}", content);
    }

    /// <summary>Sends the scenario's request once; answers the body.</summary>
    public async Task<byte[]> TryOnceAsync(string key, Scenario scenario)
    {
        using var content = scenario.Body.Length == 0 ? null : new StringContent(scenario.Body, Encoding.UTF8, "application/json");
        using var response = await SendAsync(key, HttpMethod.Parse(scenario.Method), scenario.Path, content);
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Bytes allocated on the managed heap since the process began, as the Prometheus endpoint tells; <see langword="null"/> when it does not.</summary>
    public async Task<double?> AllocatedBytesAsync()
    {
        using var response = await SendAsync(operatorKey, HttpMethod.Get, "/metrics", content: null);
        var match = AllocatedBytes().Match(await response.Content.ReadAsStringAsync());
        return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string key, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var response = await _client.SendAsync(request);
        return response.IsSuccessStatusCode
            ? response
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    [GeneratedRegex(@"^dotnet_gc_heap_total_allocated_bytes_total(?:\{[^}]*\})? ([0-9.eE+]+)", RegexOptions.Multiline)]
    private static partial Regex AllocatedBytes();
}
