using System.Net.Http.Json;
using System.Text.Json;

namespace HostService.Host.Integration;

/// <summary>A tenant with a key of each role.</summary>
public sealed class TestTenant(RunningHost host, string id, string deployerKey, string invokerKey)
{
    public string Id { get; } = id;

    public string DeployerKey { get; } = deployerKey;

    public string InvokerKey { get; } = invokerKey;

    public HttpClient Deployer { get; } = host.Client(deployerKey);

    public HttpClient Invoker { get; } = host.Client(invokerKey);

    /// <summary>Uploads a module in text form and expects that to succeed.</summary>
    public async Task<JsonElement> UploadAsync(string name, string wat)
    {
        using var response = await PutAsync(name, Wat.Binary(wat));
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(body) : throw new HttpRequestException($"{(int)response.StatusCode} {body}");
    }

    public async Task<HttpResponseMessage> PutAsync(string name, byte[] binary)
    {
        using var content = new ByteArrayContent(binary) { Headers = { ContentType = new("application/wasm") } };
        return await Deployer.PutAsync($"/v1/modules/{name}", content);
    }

    /// <summary>Calls a function with a body in JSON, as it stands.</summary>
    public async Task<(int Status, JsonElement Body)> InvokeAsync(string name, string function, string json)
    {
        using var content = new StringContent(json, null, "application/json");
        using var response = await Invoker.PostAsync($"/v1/modules/{name}/invoke/{function}", content);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
