using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace HostService.Support;

/// <summary>The service's REST interface, seen from one key.</summary>
public sealed class ServiceClient : IDisposable
{
    public ServiceClient(Uri address, string key)
    {
        // Longer than any limit of the service, so that it is the service that ends a request.
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public HttpClient Http { get; }

    /// <summary>Uploads a binary and answers the module's details; throws with the problem when it is refused.</summary>
    public async Task<JsonElement> UploadAsync(string name, byte[] binary)
    {
        using var content = new ByteArrayContent(binary) { Headers = { ContentType = new("application/wasm") } };
        using var response = await Http.PutAsync($"/v1/modules/{name}", content);
        return await BodyAsync(response);
    }

    /// <summary>Calls a function and answers the body of the answer; throws with the problem when the call failed.</summary>
    public async Task<JsonElement> InvokeAsync(string name, string function, object body)
    {
        using var response = await Http.PostAsJsonAsync($"/v1/modules/{name}/invoke/{function}", body);
        return await BodyAsync(response);
    }

    public void Dispose() => Http.Dispose();

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new HttpRequestException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {text}");
    }
}
